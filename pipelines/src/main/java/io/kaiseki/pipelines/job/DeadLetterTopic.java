package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the topic of dead letters must be like. A dead letter holds a whole record and has its
 * timestamp, so the topic must take as large records and keep them for as long as that of the
 * documents.
 */
final class DeadLetterTopic {

  private static final String KEY = "topics.dead-letters";

  /** What a dead letter holds besides the record, its headers twice among it. */
  private static final long MARGIN_BYTES = 128 << 10;

  private DeadLetterTopic() {}

  /**
   * How to make it.
   *
   * @param documentBytes most bytes of a record of the documents topic, where they are known
   */
  static Map<String, String> configs(OptionalLong documentBytes) {
    Map<String, String> configs = new LinkedHashMap<>();
    configs.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
    documentBytes.ifPresent(
        bytes ->
            configs.put(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes + MARGIN_BYTES)));
    return configs;
  }

  /** Looks at one that is there, as far as this user may. */
  static void check(
      AnalysisTopics names, Topics topics, Collection<ConfigurationProblem> problems) {
    OptionalLong documentBytes = topics.maxMessageBytes(names.documents(), problems);
    OptionalLong bytes = topics.maxMessageBytes(names.deadLetters(), problems);
    if (documentBytes.isPresent() && bytes.isPresent()) {
      tooSmall(names, documentBytes.getAsLong(), bytes.getAsLong()).ifPresent(problems::add);
    }
    Optional<Retention> documents = topics.retention(names.documents(), problems);
    Optional<Retention> deadLetters = topics.retention(names.deadLetters(), problems);
    if (documents.isPresent() && deadLetters.isPresent()) {
      tooShort(names, documents.get(), deadLetters.get()).ifPresent(problems::add);
    }
  }

  /**
   * A dead letter that its topic refuses would fail the job, and again after each restart, because
   * the same record comes again.
   */
  private static Optional<ConfigurationProblem> tooSmall(
      AnalysisTopics names, long documentBytes, long bytes) {
    if (bytes >= documentBytes + MARGIN_BYTES) {
      return Optional.empty();
    }
    return Optional.of(
        new ConfigurationProblem(
            KEY,
            names.deadLetters(),
            "its max.message.bytes is "
                + bytes
                + ", but a dead letter holds a whole record of "
                + names.documents()
                + ", which may have "
                + documentBytes
                + " bytes; set it to at least "
                + (documentBytes + MARGIN_BYTES)));
  }

  /** The dead letter of an old document would be deleted as soon as it is written. */
  static Optional<ConfigurationProblem> tooShort(
      AnalysisTopics names, Retention documents, Retention deadLetters) {
    if (deadLetters.sinceWriting() || deadLetters.millis() >= documents.millis()) {
      return Optional.empty();
    }
    return Optional.of(
        new ConfigurationProblem(
            KEY,
            names.deadLetters(),
            "its retention.ms is "
                + deadLetters.shown()
                + ", but a dead letter has the timestamp of its document, and "
                + names.documents()
                + " keeps documents for longer (retention.ms "
                + documents.shown()
                + "), so the broker would delete dead letters of old ones at once; set it to -1"));
  }
}
