package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.junit.jupiter.api.Test;

class DeadLetterTopicTest {

  private static final AnalysisTopics NAMES = new AnalysisTopics("letters", "answers", "dead");
  private static final String ANY = String.valueOf(Long.MAX_VALUE);
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

  @Test
  void dead_letters_whose_timestamps_would_be_refused_as_too_old_or_too_far_ahead_are_problems() {
    TimestampBounds hour = bounds("3600000", "3600000", "CreateTime");

    assertThat(DeadLetterTopic.refused(NAMES, WEEK, bounds(ANY, "7200000", "CreateTime"), hour))
        .extracting(ConfigurationProblem::toString)
        .satisfiesExactly(
            old ->
                assertThat(old)
                    .contains("topics.dead-letters", "message.timestamp.before.max.ms is 3600000")
                    .endsWith(
                        "letters may be older, so the broker would refuse it and the job"
                            + " could not go on; set it to at least "
                            + ANY),
            ahead ->
                assertThat(ahead)
                    .contains("topics.dead-letters", "message.timestamp.after.max.ms is 3600000")
                    .endsWith("set it to at least 7200000"));
  }

  @Test
  void documents_grow_old_in_their_topic_whatever_its_own_bounds_are() {
    TimestampBounds hour = bounds("3600000", "3600000", "CreateTime");
    TimestampBounds byBroker = bounds("3600000", ANY, "LogAppendTime");

    for (TimestampBounds documents : List.of(hour, byBroker)) {
      assertThat(DeadLetterTopic.refused(NAMES, WEEK, documents, hour))
          .extracting(ConfigurationProblem::toString)
          .singleElement(STRING)
          .endsWith("set it to at least 604800000");
    }
    assertThat(
            DeadLetterTopic.refused(
                NAMES, WEEK, hour, bounds("604800000", "3600000", "CreateTime")))
        .isEmpty();
  }

  @Test
  void dead_letters_with_the_timestamps_of_the_broker_may_be_of_documents_of_any_age() {
    assertThat(
            DeadLetterTopic.refused(
                NAMES,
                WEEK,
                bounds(ANY, ANY, "CreateTime"),
                bounds("3600000", "3600000", "LogAppendTime")))
        .isEmpty();
  }

  @Test
  void the_one_bound_of_older_brokers_holds_for_both_sides() {
    TimestampBounds any = older(ANY);

    assertThat(DeadLetterTopic.refused(NAMES, WEEK, any, any)).isEmpty();
    assertThat(DeadLetterTopic.refused(NAMES, WEEK, any, older("3600000")))
        .hasSize(2)
        .allSatisfy(
            problem ->
                assertThat(problem.toString())
                    .contains("message.timestamp.difference.max.ms is 3600000"));
  }

  @Test
  void a_topic_that_is_made_takes_any_timestamp_by_the_keys_that_its_broker_knows() {
    OptionalLong bytes = OptionalLong.empty();

    assertThat(DeadLetterTopic.configs(bytes, Optional.of(bounds("1", "1", "CreateTime"))))
        .containsOnly(
            entry("retention.ms", "-1"),
            entry("message.timestamp.before.max.ms", ANY),
            entry("message.timestamp.after.max.ms", ANY));
    assertThat(DeadLetterTopic.configs(bytes, Optional.of(older("1"))))
        .containsOnly(
            entry("retention.ms", "-1"), entry("message.timestamp.difference.max.ms", ANY));
    assertThat(DeadLetterTopic.configs(bytes, Optional.empty()))
        .containsOnly(entry("retention.ms", "-1"));
  }

  private static TimestampBounds bounds(String before, String after, String timestamps) {
    return TimestampBounds.of(
        new Config(
            List.of(
                new ConfigEntry("message.timestamp.before.max.ms", before),
                new ConfigEntry("message.timestamp.after.max.ms", after),
                new ConfigEntry("message.timestamp.type", timestamps))));
  }

  /** As brokers before 3.6 have them. */
  private static TimestampBounds older(String difference) {
    return TimestampBounds.of(
        new Config(
            List.of(
                new ConfigEntry("message.timestamp.difference.max.ms", difference),
                new ConfigEntry("message.timestamp.type", "CreateTime"))));
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
