package io.kaiseki.pipelines.deadletters;

import io.kaiseki.pipelines.config.ConfigurationException;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * A topic of dead letters as its cluster has it, with what has been sent again from it.
 *
 * @param name its name
 * @param id its id, which a topic of the same name made later does not have
 * @param logged whether there is a topic that tells what has been sent again
 */
public record LetterTopic(String name, Uuid id, boolean logged) {

  /**
   * Looks it up.
   *
   * @throws ConfigurationException if there is none, or no cluster
   */
  public static LetterTopic find(KafkaSettings kafka, String name) {
    try (ClusterTopics topics = new ClusterTopics(kafka)) {
      Optional<Uuid> id = topics.id(name);
      boolean logged = topics.id(RedriveLog.topic(name)).isPresent();
      return id.map(found -> new LetterTopic(name, found, logged))
          .orElseThrow(
              () ->
                  new ConfigurationException(
                      List.of(
                          new ConfigurationProblem(
                              "topics.dead-letters",
                              name,
                              "no such topic at " + kafka.bootstrapServers()))));
    }
  }

  /** The topic that tells what has been sent again. */
  public String logTopic() {
    return logTopic(name);
  }

  /** The topic that tells what has been sent again from a topic of dead letters. */
  public static String logTopic(String deadLetters) {
    return RedriveLog.topic(deadLetters);
  }

  /** Makes that topic, compacted and with one partition, with the broker's other defaults. */
  public LetterTopic withLog(KafkaSettings kafka) {
    if (!logged) {
      try (ClusterTopics topics = new ClusterTopics(kafka)) {
        topics.createCompacted(logTopic());
      }
    }
    return new LetterTopic(name, id, true);
  }

  /**
   * Refuses a log that forgets: what it forgets would be sent twice.
   *
   * @throws ConfigurationException if it does
   */
  public void checkLog(KafkaSettings kafka) {
    try (ClusterTopics topics = new ClusterTopics(kafka)) {
      topics
          .retention(logTopic())
          .map(time -> "after " + time.toHours() + " h")
          .or(() -> topics.retainedBytes(logTopic()).map(most -> "beyond " + most + " bytes"))
          .ifPresent(
              bound -> {
                throw new ConfigurationException(
                    List.of(
                        new ConfigurationProblem(
                            "topics.dead-letters",
                            name,
                            ("the topic %s forgets what was sent again %s; set its cleanup.policy"
                                    + " to compact")
                                .formatted(logTopic(), bound))));
              });
    }
  }

  /** What has been sent again until now. */
  public SentAgain sentAgain(KafkaSettings kafka) {
    RedriveLog log = log(kafka);
    return log::contains;
  }

  RedriveLog log(KafkaSettings kafka) {
    return logged ? RedriveLog.read(kafka, name, id) : RedriveLog.empty(name, id);
  }

  /** Tells whether a letter has been sent again. */
  @FunctionalInterface
  public interface SentAgain {
    boolean contains(StoredLetter letter);
  }
}
