package io.kaiseki.pipelines.serve;

import io.kaiseki.inference.Analysis;
import io.kaiseki.schemas.registry.Secret;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a server listens and what it takes.
 *
 * @param host address to listen on
 * @param port port to listen on; 0 takes any free one
 * @param token what clients have to send as bearer token; empty lets everybody in
 * @param bodyBytes most bytes of a request
 * @param queue requests that may wait while all slots work; more are answered by 429
 * @param deadline time for one request whose client names none
 * @param analysis an analysis that is offered as a model of its name, whole with instructions and
 *     schema
 * @param documentCharacters longest document for that analysis, in UTF-16 characters; empty where
 *     only the model's context limits it
 */
public record ServeSettings(
    String host,
    int port,
    Optional<Secret> token,
    int bodyBytes,
    int queue,
    Duration deadline,
    Optional<Analysis> analysis,
    OptionalInt documentCharacters) {

  /** Whether only this machine can connect. */
  public boolean loopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
