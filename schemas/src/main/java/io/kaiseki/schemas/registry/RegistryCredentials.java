package io.kaiseki.schemas.registry;

import java.io.Serializable;

/** How a client proves to the registry who it is. */
public sealed interface RegistryCredentials extends Serializable {

  /** The registry asks for nothing. */
  record Anonymous() implements RegistryCredentials {}

  /**
   * HTTP basic authentication.
   *
   * @param user user or API key; holds no colon, which would end it (RFC 7617, section 2)
   * @param password password or API secret
   */
  record Basic(String user, Secret password) implements RegistryCredentials {
    public Basic {
      if (user.isBlank() || user.indexOf(':') >= 0) {
        throw new IllegalArgumentException(
            "registry user must be a name without a colon, but is '" + user + "'");
      }
    }
  }

  /**
   * A static bearer token.
   *
   * @param token the token
   */
  record Bearer(Secret token) implements RegistryCredentials {}
}
