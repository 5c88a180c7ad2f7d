package io.kaiseki.pipelines.bench.arm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.pipelines.bench.peer.LlamaModelPeer;
import io.kaiseki.pipelines.bench.peer.PeerQuestion;
import io.kaiseki.pipelines.bench.peer.PeerReply;
import io.kaiseki.pipelines.bench.peer.PeerRequest;
import io.kaiseki.pipelines.bench.peer.PeerSettings;
import io.kaiseki.pipelines.embedded.LastLines;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running {@link LlamaModelPeer}. It ends with this process, also when this process is killed:
 * the system then closes its input.
 */
final class PeerProcess implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PeerProcess.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long POLL_MILLIS = 50;
  private static final long END_SECONDS = 10;

  /** Ends the queue of replies. */
  private static final PeerReply GONE = new PeerReply(PeerReply.Kind.FAILED, -1, "");

  private final Process process;
  private final Path log;
  private final Writer input;
  private final BlockingQueue<PeerReply> replies = new LinkedBlockingQueue<>();

  /**
   * Starts it.
   *
   * @param directory takes its native library and what it prints; private to this run
   */
  PeerProcess(Path directory, PeerSettings settings) {
    log = directory.resolve("llama-model-" + settings.slots() + ".log");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(
                  ProcessHandle.current().info().command().orElse("java"),
                  "-Xmx512m",
                  "-XX:+UseSerialGC",
                  // The library is unpacked under one name that all JVMs would share otherwise.
                  "-Dde.kherud.llama.tmpdir=" + Files.createTempDirectory(directory, "native"),
                  "-XX:ErrorFile=" + directory.resolve("llama-model-crash-%p.log"),
                  "-XX:-CreateCoredumpOnCrash",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LlamaModelPeer.class.getName())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      // Its compute threads wait as those of the engine in this process do: long spinning would
      // cost it much on a machine that does anything else, and the other arms the start of a pass.
      builder.environment().putIfAbsent("GOMP_SPINCOUNT", "3000");
      process = builder.start();
    } catch (IOException e) {
      throw new ArmFailedException("its process can't be started: " + e.getMessage(), e);
    }
    input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    Thread reader = new Thread(this::read, "llama-model-replies");
    reader.setDaemon(true);
    reader.start();
    send(settings);
  }

  /** Hands questions over. */
  void request(List<PeerQuestion> questions) {
    send(new PeerRequest(questions));
  }

  /**
   * Waits for what it says next.
   *
   * @throws ArmFailedException if it can't go on or has ended
   * @throws CancellationException if a stop was requested
   */
  PeerReply next(PassProgress progress) {
    try {
      while (true) {
        progress.check();
        PeerReply reply = replies.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
        if (reply == GONE) {
          throw new ArmFailedException(end());
        }
        if (reply != null && reply.kind() == PeerReply.Kind.FAILED) {
          throw new ArmFailedException(reply.text());
        }
        if (reply != null) {
          return reply;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  @Override
  public void close() {
    // Its native threads do not end by themselves, and there is nothing that it would save.
    process.destroyForcibly();
    try {
      process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(Object message) {
    try {
      input.write(JSON.writeValueAsString(message));
      input.write('\n');
      input.flush();
    } catch (IOException e) {
      throw new ArmFailedException(end(), e);
    }
  }

  private void read() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line; (line = output.readLine()) != null; ) {
        Optional<PeerReply> reply = reply(line);
        reply.ifPresent(replies::add);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("output of the process ended pid={}", process.pid(), e);
    }
    replies.add(GONE);
  }

  /** A message; empty for what native code has printed. */
  private static Optional<PeerReply> reply(String line) {
    if (!line.startsWith("{\"kind\":")) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readValue(line, PeerReply.class));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** How it ended, with the last that it has said. */
  private String end() {
    try {
      process.waitFor(END_SECONDS, TimeUnit.SECONDS);
      return LastLines.after(
          "its process ended" + (process.isAlive() ? "" : " with exit code " + process.exitValue()),
          log);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "its process ended";
    }
  }
}
