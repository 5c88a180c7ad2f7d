package io.kaiseki.desk.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** The topics that the desk makes. */
class DeskReadinessTest {

  @Test
  void feedback_is_kept_whatever_the_retention_of_the_broker() {
    NewTopic feedback = DeskReadiness.topic("tickets.out.feedback", 4, true);

    assertThat(feedback.numPartitions()).isEqualTo(4);
    assertThat(feedback.configs()).containsEntry("retention.ms", "-1");
    assertThat(DeskReadiness.topic("tickets.out.bad-records", 1, false).configs()).isNull();
  }
}
