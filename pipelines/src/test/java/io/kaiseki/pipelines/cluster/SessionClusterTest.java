package io.kaiseki.pipelines.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is made of the answers of a JobManager. */
class SessionClusterTest {

  private final JobID job = new JobID();
  private HttpServer flink;
  private SessionCluster cluster;

  @BeforeEach
  void start() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    flink = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    flink.start();
    cluster =
        new SessionCluster(
            new JobTarget.Session(loopback.getHostAddress(), flink.getAddress().getPort()),
            Path.of("none.jar"));
  }

  @AfterEach
  void stop() {
    flink.stop(0);
  }

  @Test
  void a_job_that_the_cluster_does_not_know_is_no_silence() throws IOException {
    assertThat(cluster.progress(job)).isEqualTo(new JobProgress.Unknown());
  }

  @Test
  void a_job_manager_that_can_not_say_yet_is() {
    flink.createContext(
        "/jobs/" + job,
        exchange -> {
          exchange.sendResponseHeaders(503, -1);
          exchange.close();
        });

    assertThatThrownBy(() -> cluster.progress(job))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answers with status 503");
  }
}
