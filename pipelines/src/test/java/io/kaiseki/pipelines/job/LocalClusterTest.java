package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;

class LocalClusterTest {

  /** Beyond what Flink by default hands to tasks by its server of files. */
  private static final int LARGE = 3 << 20;

  @Test
  void it_listens_on_loopback_only_and_runs_a_job_of_any_size() throws Exception {
    Set<Socket> before = listening();
    Configuration options = new Configuration();
    LocalCluster.confine(options);
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(1, options);
    CloseableIterator<Long> results =
        environment.fromSequence(1, Long.MAX_VALUE).map(new Large()).collectAsync();

    JobClient job = environment.executeAsync();
    try (results) {
      assertThat(results.next()).as("a result is collected").isEqualTo(1);
      Set<Socket> added = new HashSet<>(listening());
      added.removeAll(before);
      assertThat(added)
          .extracting(Socket::address)
          .isNotEmpty()
          .allMatch(LocalClusterTest::loopback);
    } finally {
      job.cancel().get();
    }
  }

  private static boolean loopback(String hexadecimal) {
    return hexadecimal.endsWith("0100007F") || hexadecimal.equals("0".repeat(24) + "01000000");
  }

  /** As {@code /proc/net/tcp} has it, in the machine's own byte order. */
  private record Socket(String address, String port, String inode) {}

  private static Set<Socket> listening() throws IOException {
    Set<String> own;
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      own = open.map(LocalClusterTest::target).collect(Collectors.toSet());
    }
    Set<Socket> sockets = new HashSet<>();
    for (String family : List.of("tcp", "tcp6")) {
      Path table = Path.of("/proc/self/net", family);
      if (Files.exists(table)) {
        for (String line : Files.readAllLines(table)) {
          String[] columns = line.trim().split("\\s+");
          if (columns[3].equals("0A") && own.contains("socket:[" + columns[9] + "]")) {
            String[] local = columns[1].split(":");
            sockets.add(new Socket(local[0], local[1], columns[9]));
          }
        }
      }
    }
    return sockets;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private static final class Large implements MapFunction<Long, Long> {

    private static final long serialVersionUID = 1L;

    private final byte[] payload = new byte[LARGE];

    @Override
    public Long map(Long value) {
      return value + payload[(int) (value % LARGE)];
    }
  }
}
