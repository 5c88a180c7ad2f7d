package io.kaiseki.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate authority that lives as long as a test, made by the JDK's keytool. */
final class ThrowawayAuthority {

  private static final String AUTHORITY = "authority";

  private final Path directory;
  private final String password;
  private final Path keys;
  private final Path truststore;

  /**
   * @param password of all stores that come from here
   */
  ThrowawayAuthority(Path directory, String password) throws IOException, InterruptedException {
    this.directory = directory;
    this.password = password;
    this.keys = directory.resolve("authority.p12");
    this.truststore = directory.resolve("truststore.p12");
    Path certificate = directory.resolve("authority.crt");
    keytool(
        keys,
        "-genkeypair",
        "-alias",
        AUTHORITY,
        "-keyalg",
        "EC",
        "-dname",
        "CN=Throwaway",
        "-ext",
        "bc:c",
        "-validity",
        "2");
    keytool(keys, "-exportcert", "-alias", AUTHORITY, "-file", certificate.toString());
    keytool(
        truststore,
        "-importcert",
        "-noprompt",
        "-alias",
        AUTHORITY,
        "-file",
        certificate.toString());
  }

  /** The store that trusts this authority, and nobody else. */
  Path truststore() {
    return truststore;
  }

  /**
   * The store of a server with its key and a certificate of this authority.
   *
   * @param names the hosts it is for, as keytool writes them, such as {@code ip:127.0.0.1}
   */
  Path server(String file, String names) throws IOException, InterruptedException {
    Path store = Files.copy(keys, directory.resolve(file));
    keytool(
        store,
        "-genkeypair",
        "-alias",
        "server",
        "-keyalg",
        "EC",
        "-dname",
        "CN=server",
        "-ext",
        "san=" + names,
        "-signer",
        AUTHORITY,
        "-validity",
        "2");
    keytool(store, "-delete", "-alias", AUTHORITY);
    return store;
  }

  /** What a server with this store speaks. */
  SSLContext context(Path store) throws GeneralSecurityException, IOException {
    KeyStore entries = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      entries.load(in, password.toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(entries, password.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private void keytool(Path store, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", password));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(Files.readString(directory.resolve("keytool.log")));
    }
  }
}
