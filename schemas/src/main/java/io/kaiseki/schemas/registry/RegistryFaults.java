package io.kaiseki.schemas.registry;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.avro.AvroRuntimeException;

/** Tells the faults of a registry apart: those that pass by themselves from those that do not. */
final class RegistryFaults {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  /** What the client reports when the body of an error was not the registry's JSON. */
  private static final int BODY_NOT_UNDERSTOOD = 50005;

  private RegistryFaults() {}

  /**
   * The exception to throw for a call that failed.
   *
   * @param call what was asked, such as {@code looking up schema id 7}
   */
  static RuntimeException of(String call, String address, Exception cause) {
    if (cause instanceof RestClientException answer) {
      return ofAnswer(call, address, answer);
    }
    if (isTlsRefusal(cause)) {
      return new RegistryRefusedException(
          ("no TLS connection to registry %s while %s: %s; "
                  + "check the truststore, the client certificate and the host name")
              .formatted(address, call, cause.getMessage()),
          cause);
    }
    if (cause instanceof IOException) {
      return new RegistryUnavailableException(
          "registry %s did not answer while %s: %s".formatted(address, call, cause), cause);
    }
    return new RegistryRefusedException(
        "registry %s could not be used while %s: %s".formatted(address, call, cause), cause);
  }

  /** The exception to throw where no client can be made. */
  static RegistryRefusedException ofSettings(String address, RuntimeException cause) {
    // The client names the file and why it can't be read in two causes, below a word of its own.
    String why =
        cause.getCause() == null
            ? String.valueOf(cause.getMessage())
            : Stream.iterate(cause.getCause(), Objects::nonNull, Throwable::getCause)
                .limit(2)
                .map(Throwable::getMessage)
                .collect(Collectors.joining(": "));
    return new RegistryRefusedException(
        ("no client for registry %s: %s; check the files, types and passwords of the truststore"
                + " (registry.truststore.*) and of the keystore (registry.keystore.*)")
            .formatted(address, why),
        cause);
  }

  /**
   * Whether the registry itself says that it does not have what was asked for. A bare 404, without
   * the registry's own error body, may as well come from a proxy or a wrong path.
   */
  static boolean isNotFound(RestClientException answer) {
    return answer.getStatus() == NOT_FOUND && answer.getErrorCode() != BODY_NOT_UNDERSTOOD;
  }

  /**
   * What kept the registry from answering, where that is why a schema could not be parsed. Text
   * that is no schema has an {@link IOException} of the JSON parser behind it too, below an
   * exception of Avro's; taken for trouble, such a message would be retried for ever.
   */
  static Optional<Exception> unanswered(RuntimeException parsing) {
    return Stream.<Throwable>iterate(parsing, Objects::nonNull, Throwable::getCause)
        .takeWhile(cause -> !(cause instanceof AvroRuntimeException))
        .filter(RegistryFaults::isNoAnswer)
        .map(Exception.class::cast)
        .findFirst();
  }

  /** Whether it says nothing about what was asked for, only of the registry or of this client. */
  private static boolean isNoAnswer(Throwable fault) {
    return fault instanceof RestClientException answer
        ? isPassing(answer.getStatus())
            || isAboutCredentials(answer.getStatus())
            || isFromElsewhere(answer)
        : fault instanceof IOException;
  }

  private static boolean isPassing(int status) {
    return status >= SERVER_ERROR || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS;
  }

  private static boolean isAboutCredentials(int status) {
    return status == UNAUTHORIZED || status == FORBIDDEN;
  }

  private static boolean isFromElsewhere(RestClientException answer) {
    return answer.getStatus() == NOT_FOUND && !isNotFound(answer);
  }

  /** A peer that hangs up amid the handshake is no refusal: it may be restarting. */
  private static boolean isTlsRefusal(Exception cause) {
    return cause instanceof SSLPeerUnverifiedException
        || (cause instanceof SSLHandshakeException && !(cause.getCause() instanceof EOFException));
  }

  private static RuntimeException ofAnswer(
      String call, String address, RestClientException answer) {
    int status = answer.getStatus();
    String refusal =
        "registry %s refused %s with status %d: %s"
            .formatted(address, call, status, answer.getMessage());
    if (isPassing(status)) {
      return new RegistryUnavailableException(
          "registry %s can't serve %s just now, status %d".formatted(address, call, status),
          answer);
    }
    if (isAboutCredentials(status)) {
      return new RegistryRefusedException(refusal + "; check the credentials settings", answer);
    }
    if (isFromElsewhere(answer)) {
      return new RegistryRefusedException(
          refusal + "; the answer is not a schema registry's, check the url and its path", answer);
    }
    return new RegistryRefusedException(refusal, answer);
  }
}
