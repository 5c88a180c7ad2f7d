package io.kaiseki.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.demo.Received;
import io.kaiseki.pipelines.job.JobFixture;
import io.kaiseki.pipelines.job.ServicesExtension;
import io.kaiseki.pipelines.job.TinyModel;
import io.kaiseki.schemas.DeadLetter;
import io.kaiseki.schemas.DeadLetterReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Small backfills, in this process, against real services. */
@ExtendWith(ServicesExtension.class)
class BackfillCommandIT {

  @TempDir Path directory;
  private JobFixture job;

  @BeforeEach
  void topics() {
    job =
        new JobFixture(
            ServicesExtension.kafka(),
            ServicesExtension.registry(),
            directory.resolve("checkpoints"));
  }

  @AfterEach
  void end() {
    job.close();
  }

  @Test
  void a_stretch_of_a_topic_is_analysed_and_no_more() throws Exception {
    List<String> within = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String id = "d" + i;
      RecordMetadata sent = job.send(id, job.encode(id, "title " + i, "The parcel came late."));
      if (sent.offset() >= 3 && sent.offset() < 8) {
        within.add(sent.topic() + "-" + sent.partition() + "@" + sent.offset());
      }
    }

    JsonNode report =
        run(
            "--from=topic:" + job.definition.topics().documents(),
            "--from-offset=3",
            "--to-offset=8");

    assertThat(report.get("documents").asInt()).isEqualTo(within.size()).isEqualTo(10);
    job.readToEnd();
    assertThat(job.outcomes)
        .extracting(Received::source)
        .containsExactlyInAnyOrderElementsOf(within);
  }

  @Test
  void an_offset_after_a_time_is_told_rather_than_taken_for_an_empty_topic() {
    for (int i = 0; i < 40; i++) {
      job.send("d" + i, job.encode("d" + i, "title " + i, "The parcel came late."));
    }

    CommandFixture ran =
        start(
            "--from=topic:" + job.definition.topics().documents(),
            "--from-offset=5",
            "--to-time=2001-01-01T00:00:00Z");

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err())
        .contains("--from-offset = 5: is after --to-time = 2001-01-01T00:00:00Z")
        .contains("swap them or change one");
  }

  @Test
  void what_has_a_result_is_skipped_until_its_text_changes_or_it_is_asked_for_again()
      throws Exception {
    Path rows = directory.resolve("rows.csv");
    Files.writeString(rows, rows(10, "The parcel came late."));

    JsonNode first = run("--from=" + rows);
    JsonNode same = run("--from=" + rows);
    Files.writeString(rows, rows(10, "The parcel came late.").replace("r4,The", "r4,No: the"));
    JsonNode changed = run("--from=" + rows);
    JsonNode again = run("--from=" + rows, "--again");

    assertThat(first.get("results").asInt()).isEqualTo(10);
    assertThat(same.get("skipped").asInt()).isEqualTo(10);
    assertThat(changed.get("skipped").asInt()).isEqualTo(9);
    assertThat(changed.get("results").asInt()).isEqualTo(1);
    job.readToEnd();
    assertThat(job.outcomes)
        .extracting(outcome -> new String(outcome.record().key(), StandardCharsets.UTF_8))
        .filteredOn("r4"::equals)
        .hasSize(3);
    assertThat(again.get("results").asInt()).isEqualTo(10);
    assertThat(job.outcomes).hasSize(21);
  }

  @Test
  void a_file_larger_than_the_dead_letter_topic_takes_is_told_without_its_bytes() throws Exception {
    // One dead letter of 128 KiB more than the largest document must fit, by the job's own rule.
    limit(job.definition.topics().documents(), 1 << 20);
    limit(job.definition.topics().deadLetters(), (1 << 20) + (128 << 10));
    byte[] noise = new byte[3 << 20];
    new Random(1).nextBytes(noise);
    Path archive = Files.createDirectory(directory.resolve("archive"));
    Files.write(archive.resolve("noise.txt"), noise);
    Files.writeString(archive.resolve("fine.txt"), "The parcel came.");

    JsonNode report = run("--from=" + archive);

    assertThat(report.get("results").asInt()).isEqualTo(1);
    assertThat(report.get("deadLetters").asInt()).isEqualTo(1);
    job.readToEnd();
    DeadLetter letter =
        job.outcomes.stream()
            .filter(Received.Dead.class::isInstance)
            .map(outcome -> ((Received.Dead) outcome).letter())
            .findFirst()
            .orElseThrow();
    assertThat(letter.getReason()).isEqualTo(DeadLetterReason.UNDECODABLE);
    assertThat(letter.getDocumentId()).isEqualTo("noise.txt");
    assertThat(letter.getSourceTopic()).isEqualTo("file:noise.txt");
    assertThat(letter.getMessage()).contains("noise.txt: the file is no UTF-8");
    assertThat(letter.getOriginalOmitted()).isTrue();
  }

  @Test
  void an_empty_archive_is_done_at_once() throws Exception {
    Path empty = Files.createDirectory(directory.resolve("empty"));

    assertThat(run("--from=" + empty).get("documents").asInt()).isZero();
  }

  private static void limit(String topic, int bytes) throws Exception {
    try (Admin admin = Admin.create(ServicesExtension.kafka().properties())) {
      ConfigEntry entry =
          new ConfigEntry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(bytes));
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private JsonNode run(String... options) throws Exception {
    CommandFixture ran = start(options);
    assertThat(ran.exitCode()).as(ran.err() + ran.out()).isZero();
    return new JsonMapper().readTree(report().toFile());
  }

  private CommandFixture start(String... options) {
    List<String> arguments = new ArrayList<>(job.commandLine("backfill", TinyModel.file()));
    arguments.addAll(List.of(options));
    arguments.add("--report=" + report());
    return CommandFixture.run(arguments.toArray(String[]::new));
  }

  private Path report() {
    return directory.resolve("report.json");
  }

  private static String rows(int count, String text) {
    return IntStream.range(0, count)
        .mapToObj(i -> "r" + i + "," + text)
        .collect(Collectors.joining("\n", "id,text\n", "\n"));
  }
}
