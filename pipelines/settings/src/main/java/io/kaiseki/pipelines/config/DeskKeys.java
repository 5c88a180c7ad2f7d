package io.kaiseki.pipelines.config;

import io.kaiseki.pipelines.config.JobKeys.JobKey;
import java.time.Duration;
import java.util.List;

/** The settings of a desk. Where it connects to, it reads from the same keys as a job. */
public final class DeskKeys {

  public static final JobKey<String> HOST =
      new JobKey<>(
          "desk.host",
          ValueForm.text(),
          false,
          "127.0.0.1",
          "Address that the desk listens on. Any but loopback needs desk.token.");
  public static final JobKey<Integer> PORT =
      new JobKey<>(
          "desk.port",
          ValueForm.integer(0, 65_535),
          false,
          8090,
          "Port that the desk listens on; 0 takes a free one.");
  public static final JobKey<String> ADVERTISED =
      new JobKey<>(
          "desk.advertised",
          ValueForm.text(),
          false,
          null,
          "host:port under which other instances of the desk reach this one; without it, the"
              + " address that it listens on. Needed where that is every address, such as"
              + " 0.0.0.0.");
  public static final JobKey<String> TOKEN =
      new JobKey<>(
          "desk.token",
          ValueForm.text(),
          false,
          null,
          "Bearer token that people, programs and other instances must give; 16 characters at"
              + " least.");
  public static final JobKey<String> NAME =
      new JobKey<>(
          "desk.name",
          ValueForm.name(),
          false,
          null,
          "Name of the desk, of its consumer group and of its own topics; without it, kaiseki-desk-"
              + " and the name of the analysis. Instances that share the work share the name.");
  public static final JobKey<String> STATE =
      new JobKey<>(
          "desk.state",
          ValueForm.text(),
          false,
          System.getProperty("user.home") + "/.local/state/kaiseki/desk",
          "Directory of the desk's state. It can be deleted: the desk builds it anew from Kafka.");
  public static final JobKey<Duration> RETENTION =
      new JobKey<>(
          "desk.retention",
          ValueForm.duration(Duration.ofHours(1), Duration.ofHours(10_000)),
          false,
          Duration.ofDays(30),
          "Time for which a document is kept after the last news of it.");
  public static final JobKey<Double> UNSURE =
      new JobKey<>(
          "desk.unsure",
          ValueForm.probability(),
          false,
          0.6,
          "A result is unsure if the least of its confidences is under this.");
  public static final JobKey<String> FEEDBACK =
      new JobKey<>(
          "desk.feedback",
          ValueForm.topic(),
          false,
          null,
          "Topic that corrections are written to, with as many partitions as the results have;"
              + " without it, the name of the results topic and .feedback.");
  public static final JobKey<String> BAD_RECORDS =
      new JobKey<>(
          "desk.bad-records",
          ValueForm.topic(),
          false,
          null,
          "Topic for records that the desk can't read; without it, the name of the results topic"
              + " and .bad-records.");

  private static final List<JobKey<?>> ALL =
      List.of(HOST, PORT, ADVERTISED, TOKEN, NAME, STATE, RETENTION, UNSURE, FEEDBACK, BAD_RECORDS);

  private DeskKeys() {}

  /** Every key, in the order of the reference page. */
  public static List<JobKey<?>> all() {
    return ALL;
  }

  /** The feedback topic of an analysis where none is set. */
  public static String feedbackTopic(String results) {
    return results + ".feedback";
  }

  /** The topic for unreadable records where none is set. */
  static String badRecordsTopic(String results) {
    return results + ".bad-records";
  }
}
