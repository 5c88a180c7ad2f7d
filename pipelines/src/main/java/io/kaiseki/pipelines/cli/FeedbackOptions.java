package io.kaiseki.pipelines.cli;

import io.kaiseki.inference.contract.Contract;
import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.DeskKeys;
import io.kaiseki.pipelines.config.JobSettingsReader;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.config.Setting;
import io.kaiseki.pipelines.eval.feedback.FeedbackLabels;
import io.kaiseki.pipelines.eval.feedback.LabelFile;
import io.kaiseki.pipelines.eval.labels.Labels;
import io.kaiseki.schemas.registry.RegistrySettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that take labels from what people said at the desk. */
final class FeedbackOptions {

  @Option(
      names = "--from-feedback",
      description =
          "Take the labels from the feedback topic of the desk, and the texts from the documents"
              + " topic; needs kafka.bootstrap.servers and registry.url, as in --config.")
  boolean fromFeedback;

  @Option(
      names = "--export-labels",
      paramLabel = "FILE",
      description =
          "With --from-feedback, keep the labelled documents, for --labels: as CSV if it ends in"
              + " .csv, as JSON Lines otherwise.")
  @Nullable Path export;

  @SuppressWarnings("NullAway.Init")
  FeedbackOptions() {}

  /**
   * Writes labels to a file and reads it.
   *
   * @param reading reads all of the file, which is gone afterwards unless it was asked for
   * @return empty, and problems noted, where anything is wrong
   */
  Optional<Labels> read(
      AnalysisDefinition definition,
      Map<String, Setting> given,
      PrintWriter out,
      Collection<ConfigurationProblem> problems,
      Function<Path, Optional<Labels>> reading) {
    if (export != null) {
      return write(export, definition, given, out, problems).flatMap(reading);
    }
    Path file;
    try {
      file = Files.createTempFile("kaiseki-feedback", ".jsonl");
    } catch (IOException e) {
      problems.add(
          new ConfigurationProblem(
              "--from-feedback",
              "",
              "no file can be made in the directory for temporary files: " + e.getMessage()));
      return Optional.empty();
    }
    // For a process that is told to end and can't do so in time.
    file.toFile().deleteOnExit();
    try {
      return write(file, definition, given, out, problems).flatMap(reading);
    } finally {
      // It has the texts of documents. Not left to the end: Ctrl-C halts the process, which then
      // deletes nothing.
      TemporaryFiles.delete(file);
    }
  }

  private Optional<Path> write(
      Path file,
      AnalysisDefinition definition,
      Map<String, Setting> given,
      PrintWriter out,
      Collection<ConfigurationProblem> problems) {
    JobSettingsReader reader = new JobSettingsReader(given, problems);
    Optional<KafkaSettings> kafka = reader.kafka();
    Optional<RegistrySettings> registry = reader.registry();
    Setting topic = given.get(DeskKeys.FEEDBACK.name());
    Optional<String> named =
        topic == null
            ? Optional.of(DeskKeys.feedbackTopic(definition.topics().results()))
            : topic.value(problems);
    if (kafka.isEmpty() || registry.isEmpty() || named.isEmpty()) {
      return Optional.empty();
    }
    String feedback = named.get();
    try {
      FeedbackLabels labels =
          new FeedbackLabels(
              kafka.get(),
              registry.get(),
              new FeedbackLabels.Topics(
                  feedback, definition.topics().documents(), definition.topics().results()),
              definition.name(),
              definition.contract());
      if (!labels.haveTopic()) {
        problems.add(
            new ConfigurationProblem(
                "--from-feedback",
                feedback,
                "there is no such topic, and so no feedback yet; the desk writes it, to the topic"
                    + " that "
                    + DeskKeys.FEEDBACK.name()
                    + " names"));
        return Optional.empty();
      }
      FeedbackLabels.Written written = labels.write(file);
      tell(written, feedback, definition.contract(), out);
      if (written.documents() > 0) {
        return Optional.of(file);
      }
      problems.add(
          new ConfigurationProblem(
              "--from-feedback",
              feedback,
              "holds no feedback on answers of "
                  + definition.name()
                  + " to documents that are still kept"));
    } catch (IOException e) {
      problems.add(
          new ConfigurationProblem(
              export == null ? "--from-feedback" : "--export-labels",
              file.toString(),
              "can't be written: " + e.getMessage()));
    } catch (IllegalStateException e) {
      // Says which topic, and that it can't be read.
      problems.add(
          new ConfigurationProblem("--from-feedback", feedback, String.valueOf(e.getMessage())));
    } catch (KafkaException e) {
      problems.add(
          new ConfigurationProblem(
              "--from-feedback", feedback, "can't be read: " + e.getMessage()));
    }
    return Optional.empty();
  }

  private void tell(
      FeedbackLabels.Written written, String feedback, Contract contract, PrintWriter out) {
    out.printf("%d documents with feedback in %s%n", written.documents(), feedback);
    if (written.withoutText() > 0) {
      out.printf("%d more whose text is empty or no longer kept%n", written.withoutText());
    }
    if (written.leftOut() > 0) {
      out.printf(
          "%d words left out: the answer has no such part now, or can't have that value%n",
          written.leftOut());
    }
    if (export != null) {
      out.printf("Labels in %s; to read them: %s%n", export, LabelFile.options(export, contract));
    }
    out.flush();
  }
}
