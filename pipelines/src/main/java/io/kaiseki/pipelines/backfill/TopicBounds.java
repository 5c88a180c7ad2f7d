package io.kaiseki.pipelines.backfill;

import io.kaiseki.pipelines.config.ConfigurationProblem;
import io.kaiseki.pipelines.config.KafkaSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * From where to where a topic is read: by offsets, the same ones in each partition, or by time.
 * What is not given is the beginning of the topic, or its end when the run begins.
 *
 * @param fromOffset first offset
 * @param toOffset the offset after the last
 * @param fromTime of the first record, by its timestamp
 * @param toTime after that of the last record
 */
public record TopicBounds(
    @Nullable Long fromOffset,
    @Nullable Long toOffset,
    @Nullable Instant fromTime,
    @Nullable Instant toTime) {

  /**
   * Finds the offsets.
   *
   * @return the partitions that hold anything in between; empty, and a problem noted, if the
   *     cluster does not answer or has no such topic, or an offset and a time are the wrong way
   *     round in it
   */
  Optional<List<TopicRange>> resolve(
      KafkaSettings kafka, String topic, Collection<ConfigurationProblem> problems) {
    try (Admin admin = Admin.create(kafka.properties())) {
      TopicDescription description =
          admin.describeTopics(List.of(topic)).topicNameValues().get(topic).get();
      List<TopicPartition> partitions =
          description.partitions().stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      Map<TopicPartition, Long> earliest = offsets(admin, partitions, OffsetSpec.earliest());
      Map<TopicPartition, Long> latest = offsets(admin, partitions, OffsetSpec.latest());
      Map<TopicPartition, Long> from =
          at(admin, partitions, fromOffset, fromTime, earliest, latest);
      Map<TopicPartition, Long> to = at(admin, partitions, toOffset, toTime, latest, latest);
      List<TopicRange> ranges = new ArrayList<>();
      boolean swapped = false;
      for (TopicPartition partition : partitions) {
        // A first offset beyond the end of a topic may yet come; that is no mistake of the bounds.
        swapped |=
            get(from, partition) > get(to, partition)
                && get(to, partition) < get(latest, partition);
        TopicRange range =
            new TopicRange(
                partition.partition(),
                Math.max(get(from, partition), get(earliest, partition)),
                Math.min(get(to, partition), get(latest, partition)));
        if (range.length() > 0) {
          ranges.add(range);
        }
      }
      if (ranges.isEmpty() && swapped && mixed()) {
        problems.add(
            new ConfigurationProblem(
                fromOffset == null ? "--from-time" : "--from-offset",
                Objects.toString(fromOffset == null ? fromTime : fromOffset),
                "is after %s = %s in topic %s, so nothing lies between; swap them or change one"
                    .formatted(
                        toOffset == null ? "--to-time" : "--to-offset",
                        Objects.toString(toOffset == null ? toTime : toOffset),
                        topic)));
        return Optional.empty();
      }
      return Optional.of(ranges);
    } catch (ExecutionException | KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      problems.add(
          new ConfigurationProblem(
              "--from",
              "topic:" + topic,
              "its offsets can't be read: " + Objects.toString(cause.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problems.add(new ConfigurationProblem("--from", "topic:" + topic, "interrupted"));
    }
    return Optional.empty();
  }

  /** Whether an offset goes with a time, so that only the topic tells which comes first. */
  private boolean mixed() {
    return fromOffset != null && toTime != null || fromTime != null && toOffset != null;
  }

  private static Map<TopicPartition, Long> at(
      Admin admin,
      List<TopicPartition> partitions,
      @Nullable Long offset,
      @Nullable Instant time,
      Map<TopicPartition, Long> otherwise,
      Map<TopicPartition, Long> end)
      throws ExecutionException, InterruptedException {
    if (offset != null) {
      return partitions.stream().collect(Collectors.toMap(Function.identity(), one -> offset));
    }
    if (time == null) {
      return otherwise;
    }
    Map<TopicPartition, Long> found =
        offsets(admin, partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
    // Negative where no record is as late.
    return partitions.stream()
        .collect(
            Collectors.toMap(
                Function.identity(), one -> get(found, one) < 0 ? get(end, one) : get(found, one)));
  }

  private static long get(Map<TopicPartition, Long> offsets, TopicPartition partition) {
    return Objects.requireNonNull(offsets.get(partition));
  }

  private static Map<TopicPartition, Long> offsets(
      Admin admin, List<TopicPartition> partitions, OffsetSpec spec)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> asked =
        partitions.stream().collect(Collectors.toMap(Function.identity(), one -> spec));
    // Of a transaction that is open, nothing counts: it may yet be given up.
    ListOffsetsOptions committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    Map<TopicPartition, ListOffsetsResultInfo> answer =
        admin.listOffsets(asked, committed).all().get();
    return answer.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
  }
}
