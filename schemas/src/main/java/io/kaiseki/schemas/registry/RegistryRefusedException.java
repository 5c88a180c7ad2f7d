package io.kaiseki.schemas.registry;

import org.jspecify.annotations.Nullable;

/**
 * The registry answered no, and will do so again: wrong credentials, a certificate that does not
 * fit, a schema that is not registered or not compatible. Or it can't even be asked, since the key
 * material for it can't be read. Someone has to change something; the message says what.
 */
public final class RegistryRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RegistryRefusedException(String message) {
    super(message);
  }

  public RegistryRefusedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
