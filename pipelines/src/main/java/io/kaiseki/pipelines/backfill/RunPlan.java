package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.analysis.AnalysisDefinition;
import io.kaiseki.pipelines.backfill.archive.Archive;
import io.kaiseki.pipelines.backfill.archive.ArchiveFile;
import io.kaiseki.pipelines.backfill.archive.EntryReader;
import io.kaiseki.pipelines.backfill.archive.ReadOptions;
import io.kaiseki.pipelines.backfill.source.FileList;
import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.Readiness;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a run goes through: found out when it begins, and the same when it goes on, whatever has
 * come into the folder or the topic since.
 *
 * @param documents as far as they could be told: rows of a file that changes meanwhile, or gaps in
 *     the offsets of a topic, make it another number
 * @param ranges of a topic; empty for files, which are in the directory's list
 * @param resumed whether an earlier process has begun it
 */
public record RunPlan(long documents, List<TopicRange> ranges, boolean resumed) {

  /**
   * Takes the plan of a run that has begun, or begins one.
   *
   * @return empty, and problems noted, if that can't be
   */
  public static Optional<RunPlan> of(
      BackfillOptions options,
      AnalysisDefinition definition,
      KafkaSettings kafka,
      RunDirectory directory,
      BackfillListener listener,
      Collection<ConfigurationProblem> problems)
      throws IOException {
    String fingerprint = options.fingerprint(definition);
    int known = problems.size();
    Optional<String> cluster = Readiness.clusterId(kafka, problems);
    if (problems.size() > known) {
      return Optional.empty();
    }
    Optional<RunRecord> begun = directory.record();
    if (begun.isPresent()) {
      Optional<String> mismatch = begun.get().mismatch(fingerprint, cluster);
      if (mismatch.isPresent()) {
        problems.add(
            new ConfigurationProblem("--run", options.runName(definition), mismatch.get()));
        return Optional.empty();
      }
      return Optional.of(new RunPlan(begun.get().documents(), begun.get().ranges(), true));
    }
    directory.clear();
    Optional<RunPlan> plan = plan(options.source(), kafka, directory, listener, problems);
    if (plan.isPresent()) {
      directory.begin(
          new RunRecord(
              fingerprint, cluster.orElse(null), plan.get().documents(), plan.get().ranges()));
    }
    return plan;
  }

  private static Optional<RunPlan> plan(
      BackfillSource source,
      KafkaSettings kafka,
      RunDirectory directory,
      BackfillListener listener,
      Collection<ConfigurationProblem> problems)
      throws IOException {
    if (source instanceof BackfillSource.Topic topic) {
      return ofTopic(topic, kafka, problems);
    }
    int known = problems.size();
    try (FileList.Writer list = new FileList.Writer(directory.list())) {
      long documents = count((BackfillSource.Files) source, list::add, listener, problems);
      return problems.size() > known
          ? Optional.empty()
          : Optional.of(new RunPlan(documents, List.of(), false));
    }
  }

  /** The plan of a stretch of a topic; empty, and a problem noted, if it can't be found. */
  public static Optional<RunPlan> ofTopic(
      BackfillSource.Topic topic, KafkaSettings kafka, Collection<ConfigurationProblem> problems) {
    return topic
        .bounds()
        .resolve(kafka, topic.name(), problems)
        .map(
            ranges ->
                new RunPlan(ranges.stream().mapToLong(TopicRange::length).sum(), ranges, false));
  }

  /**
   * Counts the documents of files.
   *
   * @param consumer takes each file
   * @param listener ends the counting, where a stop is requested
   * @param problems takes columns that were asked for and are not there, and files whose names
   *     would be lost
   * @throws IllegalStateException if a stop is requested meanwhile
   */
  public static long count(
      BackfillSource.Files source,
      Archive.FileConsumer consumer,
      BackfillListener listener,
      Collection<ConfigurationProblem> problems)
      throws IOException {
    Archive archive = new Archive(source.paths(), source.format());
    long[] files = new long[1];
    long[] documents = new long[1];
    List<ArchiveFile> lost = new ArrayList<>();
    archive.forEach(
        file -> {
          if (!file.isFoundByName()) {
            lost.add(file);
            return;
          }
          consumer.accept(file);
          files[0]++;
          documents[0] += count(file, source.options(), listener, problems);
        });
    listener.counted(files[0], documents[0], archive.passedOver());
    if (!lost.isEmpty()) {
      problems.add(lost(lost));
    }
    return documents[0];
  }

  private static ConfigurationProblem lost(List<ArchiveFile> files) {
    return new ConfigurationProblem(
        "--from",
        files.get(0).path().toString(),
        (files.size() == 1 ? "this name" : "this name, and " + (files.size() - 1) + " more,")
            + " can't be written in the encoding of the locale, "
            + System.getProperty("sun.jnu.encoding", "which is unknown")
            + "; set LANG and LC_ALL to C.UTF-8, or rename what is not in UTF-8");
  }

  private static long count(
      ArchiveFile file,
      ReadOptions options,
      BackfillListener listener,
      Collection<ConfigurationProblem> problems) {
    listener.stopIfAsked();
    if (!file.format().hasRows()) {
      return 1;
    }
    long rows = 0;
    try (EntryReader reader = file.open(options)) {
      for (String column : reader.missingColumns()) {
        problems.add(
            new ConfigurationProblem(
                "column", column, "is not in the header of " + file.path() + "; see --help"));
      }
      while (reader.next().isPresent()) {
        rows++;
        listener.stopIfAsked();
      }
      return rows;
    } catch (IOException e) {
      // It is told by the run, as a dead letter that names the file.
      return rows + 1;
    }
  }
}
