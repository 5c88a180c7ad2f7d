package io.kaiseki.pipelines.faults;

import io.kaiseki.pipelines.embedded.Lifeline;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/** A Flink cluster of two processes on loopback, of which that of the tasks can be killed. */
final class FlinkProcesses implements AutoCloseable {

  private static final String CONFIG =
      """
      jobmanager.rpc.address: 127.0.0.1
      jobmanager.bind-host: 127.0.0.1
      jobmanager.rpc.port: %1$d
      jobmanager.memory.jvm-metaspace.size: 128m
      rest.address: 127.0.0.1
      rest.bind-address: 127.0.0.1
      rest.port: %2$d
      taskmanager.host: 127.0.0.1
      taskmanager.bind-host: 127.0.0.1
      taskmanager.numberOfTaskSlots: 2
      # Without Flink's scripts, nobody computes the parts of its memory.
      taskmanager.cpu.cores: 1.0
      taskmanager.memory.framework.heap.size: 64m
      taskmanager.memory.framework.off-heap.size: 64m
      taskmanager.memory.jvm-metaspace.size: 128m
      taskmanager.memory.jvm-overhead.min: 64m
      taskmanager.memory.jvm-overhead.max: 64m
      taskmanager.memory.task.heap.size: 256m
      taskmanager.memory.task.off-heap.size: 0m
      taskmanager.memory.managed.size: 0m
      taskmanager.memory.network.min: 32m
      taskmanager.memory.network.max: 32m
      # A task manager that is gone is missed soon.
      heartbeat.interval: 500
      heartbeat.timeout: 10000
      io.tmp.dirs: %3$s
      """;

  private final Path directory;
  private final int restPort;
  private final Process jobManager;
  private Process taskManager;
  private int starts;

  /** Starts both processes; whoever submits a job waits until they serve. */
  FlinkProcesses(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    restPort = freePort();
    Files.writeString(
        directory.resolve("config.yaml"),
        CONFIG.formatted(freePort(), restPort, Files.createDirectories(directory.resolve("tmp"))));
    jobManager = start(StandaloneSessionClusterEntrypoint.class, "job-manager.log");
    startTaskManager();
  }

  int restPort() {
    return restPort;
  }

  /** Starts the process of the tasks, in place of one that was killed. */
  void startTaskManager() throws IOException {
    taskManager = start(TaskManagerRunner.class, "task-manager-" + ++starts + ".log");
  }

  /** SIGKILL to the process of the tasks. */
  void killTaskManager() throws InterruptedException {
    taskManager.destroyForcibly().waitFor();
  }

  /** Whether both are there. */
  boolean alive() {
    return jobManager.isAlive() && taskManager.isAlive();
  }

  @Override
  public void close() {
    taskManager.destroyForcibly();
    jobManager.destroyForcibly();
  }

  private Process start(Class<?> main, String log) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of(
            "-Xmx384m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.configurationFile=log4j2-process.xml",
            "-Dkaiseki.journal=" + directory.resolve("journal"),
            "-cp",
            KilledJob.classPath(),
            Lifeline.class.getName(),
            main.getName(),
            "--configDir",
            directory.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Path.of("target", log).toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
