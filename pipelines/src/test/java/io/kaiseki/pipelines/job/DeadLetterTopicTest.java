package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.analysis.AnalysisTopics;
import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

class DeadLetterTopicTest {

  private static final AnalysisTopics NAMES = new AnalysisTopics("letters", "answers", "dead");
  private static final Retention WEEK = retention("604800000", "delete", "CreateTime");

  @Test
  void dead_letters_that_would_be_deleted_before_their_documents_are_refused() {
    assertThat(DeadLetterTopic.tooShort(NAMES, retention("-1", "delete", "CreateTime"), WEEK))
        .hasValueSatisfying(
            problem ->
                assertThat(problem.toString())
                    .contains(
                        "topics.dead-letters", "dead", "604800000", "letters", "set it to -1"));
    assertThat(
            DeadLetterTopic.tooShort(NAMES, retention("31536000000", "delete", "CreateTime"), WEEK))
        .isPresent();
  }

  @Test
  void a_compacted_topic_keeps_documents_however_old() {
    assertThat(DeadLetterTopic.tooShort(NAMES, retention("1000", "compact", "CreateTime"), WEEK))
        .isPresent();
    assertThat(
            DeadLetterTopic.tooShort(
                NAMES, retention("1000", "compact,delete", "CreateTime"), WEEK))
        .isEmpty();
  }

  @Test
  void dead_letters_that_are_kept_for_as_long_as_their_documents_are_fine() {
    assertThat(DeadLetterTopic.tooShort(NAMES, WEEK, WEEK)).isEmpty();
    assertThat(DeadLetterTopic.tooShort(NAMES, WEEK, retention("-1", "delete", "CreateTime")))
        .isEmpty();
  }

  @Test
  void dead_letters_whose_age_counts_from_writing_may_be_kept_for_any_time() {
    Retention hour = retention("3600000", "delete", "LogAppendTime");

    assertThat(DeadLetterTopic.tooShort(NAMES, retention("-1", "delete", "CreateTime"), hour))
        .isEmpty();
  }

  private static Retention retention(String millis, String cleanup, String timestamps) {
    return Retention.of(
        new Config(
            List.of(
                new ConfigEntry("retention.ms", millis),
                new ConfigEntry("cleanup.policy", cleanup),
                new ConfigEntry("message.timestamp.type", timestamps))));
  }
}
