package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.pipelines.config.KafkaSettings;
import io.kaiseki.pipelines.job.LargestResult.Excess;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.junit.jupiter.api.Test;

/** What Kafka would refuse is known before it is sent, and what it takes is not held back. */
class LargestResultTest {

  private static final String TOPIC = "moods.results";
  private static final byte[] PROSE = "It says so. ".repeat(1_000).getBytes(StandardCharsets.UTF_8);
  private static final byte[] NOISE = noise(12_000);

  /** What gzip and zstd make smaller, and lz4 does not: hardly anything in it comes twice. */
  private static final byte[] LETTERS = letters(12_000);

  @Test
  void the_producer_measures_before_compression() {
    LargestResult largest = largest(Map.of("max.request.size", "10000"), Map.of());

    assertThat(largest.excess(record(PROSE)))
        .hasValue(new Excess(LargestRecord.size(record(PROSE)), 10_000, "kafka.max.request.size"));
    assertThat(largest.excess(record(new byte[9_000]))).isEmpty();
  }

  @Test
  void a_topic_measures_what_is_sent_compressed() {
    for (TopicLimit limit :
        List.of(asSent(10_000), recompressed(10_000, Compression.zstd().build()))) {
      LargestResult largest = largest(Map.of(), Map.of(TOPIC, limit));

      assertThat(largest.excess(record(PROSE))).isEmpty();
      assertThat(largest.excess(record(NOISE)))
          .hasValueSatisfying(
              excess -> {
                assertThat(excess.bytes()).isGreaterThan(10_000);
                assertThat(excess.most()).isEqualTo(10_000);
                assertThat(excess.setting()).isEqualTo("max.message.bytes of topic " + TOPIC);
              });
    }
  }

  @Test
  void one_with_another_codec_measures_what_is_sent_and_what_it_makes_of_it() {
    Map<String, TopicLimit> gzip = Map.of(TOPIC, recompressed(10_000, Compression.gzip().build()));
    Map<String, TopicLimit> lz4 = Map.of(TOPIC, recompressed(10_000, Compression.lz4().build()));
    Map<String, TopicLimit> none = Map.of(TOPIC, recompressed(10_000, Compression.NONE));

    assertThat(largest(Map.of(), gzip).excess(record(LETTERS))).isEmpty();
    assertThat(largest(Map.of(), lz4).excess(record(LETTERS))).isPresent();
    assertThat(largest(Map.of("compression.type", "lz4"), gzip).excess(record(LETTERS)))
        .isPresent();
    assertThat(largest(Map.of("compression.type", "none"), gzip).excess(record(PROSE))).isPresent();
    assertThat(largest(Map.of(), none).excess(record(PROSE))).isPresent();
  }

  @Test
  void only_the_level_of_the_codec_in_use_counts() {
    assertThat(sent("gzip", Map.of("compression.gzip.level", "1")))
        .isGreaterThan(sent("gzip", Map.of()));
    assertThat(sent("gzip", Map.of("compression.zstd.level", "1", "compression.lz4.level", "1")))
        .isEqualTo(sent("gzip", Map.of()));
    assertThat(sent("zstd", Map.of("compression.zstd.level", " 1 ")))
        .isLessThan(sent("none", Map.of()));
  }

  @Test
  void of_a_topic_that_may_not_be_asked_the_limit_of_the_producer_is_left() {
    LargestResult largest = largest(Map.of(), Map.of("another", asSent(10)));

    assertThat(largest.excess(record(NOISE))).isEmpty();
  }

  @Test
  void a_topic_says_what_it_takes_and_how_it_compresses_anew() {
    assertThat(TopicLimit.of(config("producer"))).hasValue(asSent(1_048_588));
    assertThat(TopicLimit.of(config("uncompressed")))
        .hasValue(recompressed(1_048_588, Compression.NONE));
    assertThat(TopicLimit.of(config("lz4")))
        .hasValue(recompressed(1_048_588, Compression.lz4().level(9).build()));
    assertThat(TopicLimit.of(config("gzip")))
        .hasValue(recompressed(1_048_588, Compression.gzip().level(3).build()));
    assertThat(TopicLimit.of(config("snappy")))
        .hasValue(recompressed(1_048_588, Compression.snappy().build()));
    assertThat(TopicLimit.of(config("zstd")))
        .hasValue(recompressed(1_048_588, Compression.zstd().build()));
    assertThat(TopicLimit.of(new Config(List.of()))).isEmpty();
  }

  static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new Random(7).nextBytes(noise);
    return noise;
  }

  private static byte[] letters(int bytes) {
    byte[] letters = noise(bytes);
    for (int i = 0; i < bytes; i++) {
      letters[i] = (byte) ('a' + (letters[i] & 15));
    }
    return letters;
  }

  private static Config config(String compression) {
    return new Config(
        List.of(
            new ConfigEntry("max.message.bytes", "1048588"),
            new ConfigEntry("compression.type", compression),
            new ConfigEntry("compression.gzip.level", "3"),
            new ConfigEntry("compression.lz4.level", "9")));
  }

  private static TopicLimit asSent(long bytes) {
    return new TopicLimit(bytes, Optional.empty());
  }

  private static TopicLimit recompressed(long bytes, Compression codec) {
    return new TopicLimit(bytes, Optional.of(codec));
  }

  /** Bytes of a batch as a producer with this compression sends it. */
  private static long sent(String type, Map<String, String> levels) {
    Map<String, String> client = new HashMap<>(levels);
    client.put("compression.type", type);
    return largest(client, Map.of(TOPIC, asSent(1))).excess(record(LETTERS)).orElseThrow().bytes();
  }

  private static LargestResult largest(Map<String, String> client, Map<String, TopicLimit> topics) {
    return new LargestResult(new KafkaSettings("localhost:1", client), topics);
  }

  private static ProducerRecord<byte[], byte[]> record(byte[] value) {
    return new ProducerRecord<>(TOPIC, new byte[] {1}, value);
  }
}
