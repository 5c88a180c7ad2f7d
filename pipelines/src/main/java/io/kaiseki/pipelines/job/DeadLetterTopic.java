package io.kaiseki.pipelines.job;

import io.kaiseki.pipelines.analysis.AnalysisTopics;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.job.TimestampBounds.Bound;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What the topic of dead letters must be like. A dead letter holds a whole record and has its
 * timestamp, so the topic must take as large and as old records, and keep them for as long, as that
 * of the documents.
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
   * @param documents timestamps that the documents topic takes, where they are known; brokers
   *     refuse a topic with keys that they do not know
   */
  static Map<String, String> configs(
      OptionalLong documentBytes, Optional<TimestampBounds> documents) {
    Map<String, String> configs = new LinkedHashMap<>();
    configs.put(TopicConfig.RETENTION_MS_CONFIG, "-1");
    documentBytes.ifPresent(
        bytes ->
            configs.put(
                TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes + MARGIN_BYTES)));
    documents.stream()
        .flatMap(bounds -> Stream.of(bounds.before(), bounds.after()))
        .flatMap(Optional::stream)
        .forEach(bound -> configs.put(bound.key(), String.valueOf(TimestampBounds.ANY)));
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
    Optional<TimestampBounds> written = topics.timestampBounds(names.documents(), problems);
    Optional<TimestampBounds> taken = topics.timestampBounds(names.deadLetters(), problems);
    if (documents.isPresent() && written.isPresent() && taken.isPresent()) {
      problems.addAll(refused(names, documents.get(), written.get(), taken.get()));
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

  /**
   * A dead letter whose timestamp the broker refuses would fail the job, and again after each
   * restart.
   *
   * @param kept for how long documents are kept, and so how old they get after they are written
   * @param written timestamps that documents may be written with
   * @param taken timestamps that dead letters may be written with
   */
  static List<ConfigurationProblem> refused(
      AnalysisTopics names, Retention kept, TimestampBounds written, TimestampBounds taken) {
    if (taken.byBroker()) {
      return List.of();
    }
    long before = written.byBroker() ? 0 : millis(written.before());
    long after = written.byBroker() ? 0 : millis(written.after());
    return Stream.of(
            tooNarrow(names, taken.before(), Math.max(before, kept.millis()), "older"),
            tooNarrow(names, taken.after(), after, "further ahead"))
        .flatMap(Optional::stream)
        .toList();
  }

  private static long millis(Optional<Bound> bound) {
    return bound.map(Bound::millis).orElse(TimestampBounds.ANY);
  }

  private static Optional<ConfigurationProblem> tooNarrow(
      AnalysisTopics names, Optional<Bound> taken, long needed, String documents) {
    return taken
        .filter(bound -> bound.millis() < needed)
        .map(
            bound ->
                new ConfigurationProblem(
                    KEY,
                    names.deadLetters(),
                    "its "
                        + bound.key()
                        + " is "
                        + bound.millis()
                        + ", but a dead letter has the timestamp of its document, and those of "
                        + names.documents()
                        + " may be "
                        + documents
                        + ", so the broker would refuse it and the job could not go on; set it to"
                        + " at least "
                        + needed));
  }
}
