package io.kaiseki.schemas.registry;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Key material for a registry behind TLS. Host names are always verified.
 *
 * @param truststore certificates to trust; null for those of the JVM
 * @param keystore the client's own certificate and key; null where the registry asks for none
 */
public record RegistryTls(@Nullable Keystore truststore, @Nullable Keystore keystore)
    implements Serializable {

  /**
   * A file with keys or certificates.
   *
   * @param location path of the file, on every machine that the job runs on
   * @param type {@code PKCS12}, {@code JKS} or {@code PEM}
   * @param password of the file; null for one without
   * @param keyPassword of the key in it; null where it is the file's or there is none
   */
  public record Keystore(
      String location, String type, @Nullable Secret password, @Nullable Secret keyPassword)
      implements Serializable {

    /** A PKCS12 file under one password. */
    public static Keystore pkcs12(String location, Secret password) {
      return new Keystore(location, "PKCS12", password, password);
    }
  }
}
