package io.kaiseki.inference.sql;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/** Small text files that are read where a statement is planned, from any file system of Flink's. */
final class PlanningFiles {

  /** Far above what instructions or a schema have; a model file named by mistake has more. */
  private static final int MOST_BYTES = 1 << 20;

  private PlanningFiles() {}

  static Optional<String> read(ConfigOption<String> option, String file, List<String> problems) {
    try {
      Path path = new Path(file);
      try (FSDataInputStream stream = path.getFileSystem().open(path)) {
        byte[] bytes = stream.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
          problems.add("'%s' names %s, which has more than 1 MiB".formatted(option.key(), file));
          return Optional.empty();
        }
        return Optional.of(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      }
    } catch (CharacterCodingException e) {
      problems.add("'%s' names %s, which is not text in UTF-8".formatted(option.key(), file));
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          "'%s' names %s, which can't be read here, where the statement is planned: %s"
              .formatted(option.key(), file, e));
    }
    return Optional.empty();
  }
}
