package io.kaiseki.pipelines.cli;

/** Where the command writes its log; the launcher and {@code log4j2.xml} know the same name. */
final class Logs {

  static final String FILE_PROPERTY = "kaiseki.log.file";

  private Logs() {}
}
