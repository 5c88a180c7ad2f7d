package io.kaiseki.pipelines.embedded;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where this build of Kaiseki lies on disk. */
public final class Installation {

  /**
   * System property that names the directory with {@code lib/}, {@code registry/} and {@code
   * model/}.
   */
  public static final String HOME_PROPERTY = "kaiseki.home";

  private static final String DEMO_MODEL = "kaiseki-demo-q8_0.gguf";

  private Installation() {}

  /**
   * The directory of the unpacked schema registry.
   *
   * @throws IllegalStateException if it is not there; the message names the property
   */
  public static Path registry() {
    Path registry = home().resolve("registry");
    if (!Files.isDirectory(registry)) {
      throw missing("schema registry", registry);
    }
    return registry;
  }

  /** The directory of the desk's jars; empty where this build has none. */
  public static Optional<Path> desk() {
    Path libraries = home().resolve("desk-lib");
    return Files.isDirectory(libraries) ? Optional.of(libraries) : Optional.empty();
  }

  /**
   * The jar of the job as a Flink cluster takes it.
   *
   * @throws IllegalStateException if it is not there; the message names the property
   */
  public static Path jobJar() {
    Path jar = home().resolve(Path.of("flink", "usrlib", "kaiseki-job.jar"));
    if (!Files.isRegularFile(jar)) {
      throw missing("jar of the job", jar);
    }
    return jar.toAbsolutePath();
  }

  /**
   * The small model that ships with Kaiseki.
   *
   * @throws IllegalStateException if it is not there; the message names the property
   */
  public static Path demoModel() {
    Path model = home().resolve("model").resolve(DEMO_MODEL);
    if (!Files.isRegularFile(model)) {
      throw missing("demo model", model);
    }
    return model;
  }

  private static IllegalStateException missing(String what, Path place) {
    return new IllegalStateException(
        "no "
            + what
            + " in "
            + place
            + "; build Kaiseki with Maven (mvn package) or set -D"
            + HOME_PROPERTY
            + " to the directory that holds lib/, flink/, registry/ and model/");
  }

  /**
   * The directory that holds {@code lib/}, {@code flink/}, {@code registry/} and {@code model/}.
   */
  private static Path home() {
    String property = System.getProperty(HOME_PROPERTY, "");
    // The jar lies in lib/, a directory below home.
    return property.isEmpty() ? ownClasses().resolve("../..").normalize() : Path.of(property);
  }

  /** The jar, or in a build the directory, that this class was loaded from. */
  static Path ownClasses() {
    try {
      return Path.of(
          Installation.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class path holds an address that is no path", e);
    }
  }
}
