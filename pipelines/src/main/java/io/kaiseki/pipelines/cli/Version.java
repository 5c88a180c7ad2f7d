package io.kaiseki.pipelines.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of this build, as Maven wrote it beside the classes. */
final class Version implements IVersionProvider {

  private static final String FILE = "/io/kaiseki/pipelines/version.properties";

  @Override
  public String[] getVersion() throws IOException {
    Properties properties = properties();
    return new String[] {
      "kaiseki " + properties.getProperty("version"),
      "java " + Runtime.version() + ", Flink " + properties.getProperty("flink")
    };
  }

  /** The version alone. */
  static String number() throws IOException {
    return properties().getProperty("version");
  }

  private static Properties properties() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IOException("the class path holds no " + FILE);
      }
      properties.load(in);
    }
    return properties;
  }
}
