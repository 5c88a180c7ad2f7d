package com.example.triage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kaiseki.inference.gguf.MakeOptions;
import io.kaiseki.inference.gguf.ModelMaker;
import io.kaiseki.inference.gguf.ModelShape;
import io.kaiseki.inference.llamacpp.LlamaCppSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job over a few tickets, on a tiny made-up model: its answers are valid and mean nothing. */
class TicketTriageJobIT {

  @TempDir Path directory;

  @Test
  void everyTicketEndsAsAnAnswerOrAsAFailure() throws Exception {
    Path model = directory.resolve("tiny.gguf");
    ModelMaker.make(ModelShape.TINY, model, MakeOptions.defaults());
    List<String> tickets = new ArrayList<>();
    for (int number = 1; number <= 10; number++) {
      tickets.add("T-" + number + "\tOrder " + (4700 + number) + " has not come. Reply by Friday.");
    }
    tickets.add("T-long\t" + "It goes on and on. ".repeat(20_000));
    Path input = Files.write(directory.resolve("tickets.tsv"), tickets);
    StreamExecutionEnvironment flink = StreamExecutionEnvironment.getExecutionEnvironment();
    flink.setParallelism(1);
    flink.setRuntimeMode(RuntimeExecutionMode.BATCH);

    TicketTriageJob.build(
        flink,
        new LlamaCppSettings(
            model.toString(), "", 2, 8_192, 256, 1, LlamaCppSettings.SHIPPED_LIBRARY),
        input.toString(),
        directory.resolve("results").toString(),
        directory.resolve("failures").toString());
    flink.execute();

    List<String> results = lines(directory.resolve("results"));
    assertEquals(10, results.size());
    for (String result : results) {
      assertTrue(
          result.matches(
              "\\{\"category\": \"(billing|delivery|technical|other)\", \"urgent\":"
                  + " (true|false),.*"),
          result);
    }
    assertEquals(List.of("T-long\tTOO_LONG"), lines(directory.resolve("failures")));
  }

  private static List<String> lines(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .flatMap(
              file -> {
                try {
                  return Files.readAllLines(file).stream();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    }
  }
}
