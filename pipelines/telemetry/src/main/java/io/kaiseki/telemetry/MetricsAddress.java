package io.kaiseki.telemetry;

/**
 * Where an endpoint for Prometheus listens: on the first port of a range that is free, so that
 * several processes of one machine need no settings of their own.
 *
 * @param host name or address of the interface; other machines reach only one that is theirs to
 *     reach
 * @param firstPort 0, alone, stands for any free port
 * @param lastPort not under the first
 */
public record MetricsAddress(String host, int firstPort, int lastPort) {

  /** Only processes of this machine reach it. */
  public static final String LOOPBACK = "127.0.0.1";

  /** The port that OpenTelemetry's exporters for Prometheus have by default. */
  public static final int FIRST_PORT = 9464;

  public static final int LAST_PORT = 9483;

  public MetricsAddress {
    if (firstPort < 0 || lastPort < firstPort || lastPort > 65_535) {
      throw new IllegalArgumentException(
          "ports must be a range within 0 to 65535, but are " + firstPort + "-" + lastPort);
    }
  }

  /** Loopback, and the default ports. */
  public static MetricsAddress byDefault() {
    return new MetricsAddress(LOOPBACK, FIRST_PORT, LAST_PORT);
  }

  /** Loopback, and any free port. */
  public static MetricsAddress anywhere() {
    return new MetricsAddress(LOOPBACK, 0, 0);
  }
}
