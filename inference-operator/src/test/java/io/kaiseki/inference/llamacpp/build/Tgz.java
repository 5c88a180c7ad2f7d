package io.kaiseki.inference.llamacpp.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/** Packages of all kinds, and the builds that pin exactly their bytes. */
final class Tgz {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar;

  Tgz() {
    try {
      tar = new TarArchiveOutputStream(new GzipCompressorOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A package as it should be, with something in it that is not installed. */
  static Tgz good() {
    return new Tgz()
        .file("package/package.json", "{}")
        .file("package/bins/liba.so", "library a")
        .file("package/bins/libllama.so", "llama itself");
  }

  Tgz file(String name, String content) {
    byte[] data = content.getBytes(StandardCharsets.UTF_8);
    return entry(name, TarConstants.LF_NORMAL, "", data);
  }

  Tgz link(String name, byte kind, String target) {
    return entry(name, kind, target, new byte[0]);
  }

  private Tgz entry(String name, byte kind, String target, byte[] data) {
    try {
      TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
      entry.setLinkName(target);
      entry.setSize(data.length);
      tar.putArchiveEntry(entry);
      tar.write(data);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] bytes() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a package and pins it. */
  static PinnedBuild pinned(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
    List<PinnedFile> files = new ArrayList<>();
    files.add(pin("package/bins/liba.so", "library a"));
    files.add(pin("package/bins/libllama.so", "llama itself"));
    return new PinnedBuild(
        "test",
        "llama.cpp of this test",
        "v0.5.0",
        "linux",
        "x86-64",
        "nothing",
        "@test/package",
        "1.0.0",
        "MIT",
        bytes.length,
        "sha512-" + Base64.getEncoder().encodeToString(digest("SHA-512", bytes)),
        List.of("liba.so", "libllama.so"),
        files);
  }

  private static PinnedFile pin(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new PinnedFile(path, bytes.length, HexFormat.of().formatHex(digest("SHA-256", bytes)));
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
