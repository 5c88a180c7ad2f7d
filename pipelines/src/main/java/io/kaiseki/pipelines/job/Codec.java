package io.kaiseki.pipelines.job;

import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.CompressionType;

/** Compression as producers and topics have it in their settings, which have the same names. */
final class Codec {

  private Codec() {}

  /**
   * The compression of a type, with the level that is set for it; levels of other types count for
   * nothing.
   *
   * @param type as in {@code compression.type}; none is done for one that is not known
   * @param settings value of a setting; empty where Kafka's default holds
   */
  static Compression of(String type, Function<String, Optional<String>> settings) {
    return switch (type) {
      case "gzip" ->
          Compression.gzip()
              .level(
                  level(CompressionType.GZIP, settings, TopicConfig.COMPRESSION_GZIP_LEVEL_CONFIG))
              .build();
      case "lz4" ->
          Compression.lz4()
              .level(level(CompressionType.LZ4, settings, TopicConfig.COMPRESSION_LZ4_LEVEL_CONFIG))
              .build();
      case "zstd" ->
          Compression.zstd()
              .level(
                  level(CompressionType.ZSTD, settings, TopicConfig.COMPRESSION_ZSTD_LEVEL_CONFIG))
              .build();
      case "snappy" -> Compression.snappy().build();
      // Producers call it none, topics uncompressed.
      default -> Compression.NONE;
    };
  }

  private static int level(
      CompressionType type, Function<String, Optional<String>> settings, String key) {
    return settings.apply(key).map(Integer::parseInt).orElseGet(type::defaultLevel);
  }
}
