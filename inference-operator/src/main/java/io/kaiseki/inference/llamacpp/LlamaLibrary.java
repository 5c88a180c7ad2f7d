package io.kaiseki.inference.llamacpp;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import io.kaiseki.inference.EngineUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A llama.cpp library that is loaded and whose binary interface is checked. Loaded once per JVM and
 * path, never unloaded: native code can't be unloaded safely.
 */
final class LlamaLibrary {

  private static final Logger LOG = LoggerFactory.getLogger(LlamaLibrary.class);
  private static final Map<Path, LlamaLibrary> LOADED = new ConcurrentHashMap<>();

  private final LlamaApi api;
  private final NativeLayout layout;
  // Native code keeps only the function pointer; without this field the callback would be
  // collected.
  private final LlamaApi.LogCallback log;

  private LlamaLibrary(Path file) {
    NativeLibrary library;
    try {
      api = Native.load(file.toString(), LlamaApi.class);
      library = NativeLibrary.getInstance(file.toString());
    } catch (UnsatisfiedLinkError e) {
      throw new EngineUnavailableException(
          "model.library = "
              + file
              + " can't be loaded: "
              + e.getMessage()
              + "; on Debian and Ubuntu it needs the packages libgomp1 and libstdc++6",
          e);
    }
    layout = checked(file, library);
    log = LlamaLog.callback();
    api.llama_log_set(log, Pointer.NULL);
    api.llama_backend_init();
    LOG.info("event=native-library-loaded build=b{} file={}", layout.build(), file);
  }

  /**
   * Loads a library.
   *
   * @param path path of a build of llama.cpp; empty takes the one that ships
   * @throws EngineUnavailableException if it is missing, can't be loaded, or has an unknown layout
   */
  static LlamaLibrary load(String path) {
    Path file = path.isEmpty() ? extracted() : Path.of(path).toAbsolutePath().normalize();
    if (!Files.isRegularFile(file)) {
      throw new EngineUnavailableException(
          "model.library = "
              + path
              + " is no file; give the path of a libllama or leave it"
              + " empty");
    }
    return LOADED.computeIfAbsent(file, LlamaLibrary::new);
  }

  LlamaApi api() {
    return api;
  }

  NativeLayout layout() {
    return layout;
  }

  /** Keeps the log callback reachable for as long as the library is. */
  LlamaApi.LogCallback log() {
    return log;
  }

  private NativeLayout checked(Path file, NativeLibrary library) {
    int build;
    try {
      build = library.getGlobalVariableAddress("LLAMA_BUILD_NUMBER").getInt(0);
    } catch (UnsatisfiedLinkError e) {
      throw unknown(file, "it does not tell its build number");
    }
    NativeLayout candidate =
        NativeLayout.KNOWN.stream()
            .filter(known -> known.build() == build)
            .findFirst()
            .orElseThrow(() -> unknown(file, "found build b" + build));
    List<String> differences =
        candidate.differences(
            littleEndian(api.llama_model_default_params()),
            littleEndian(api.llama_context_default_params()));
    if (!differences.isEmpty()) {
      throw unknown(
          file, "build b" + build + " has another layout: " + String.join("; ", differences));
    }
    return candidate;
  }

  private static EngineUnavailableException unknown(Path file, String found) {
    String builds =
        String.join(", ", NativeLayout.KNOWN.stream().map(known -> "b" + known.build()).toList());
    return new EngineUnavailableException(
        "model.library = "
            + file
            + ": "
            + found
            + "; its parameter structs are known for "
            + builds
            + " only, and another build could corrupt memory");
  }

  static ByteBuffer littleEndian(LlamaApi.Parameters parameters) {
    return ByteBuffer.wrap(parameters.bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Unpacks the library that ships into a directory named after its content, private to the user:
   * JVMs of different versions never overwrite each other's, and nobody else can replace it.
   */
  private static Path extracted() {
    String resource = "/de/kherud/llama/" + platform();
    try (InputStream in = LlamaLibrary.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new EngineUnavailableException(
            "no llama.cpp library ships for "
                + platform()
                + "; set model.library to a build of your own");
      }
      Path base = cacheDirectory();
      Files.createDirectories(base);
      Path partial = Files.createTempFile(base, "llama", ".partial");
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      try (DigestInputStream digesting = new DigestInputStream(in, sha256)) {
        Files.copy(digesting, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      Path directory = base.resolve(HexFormat.of().formatHex(sha256.digest()).substring(0, 16));
      Files.createDirectories(directory);
      Path target = directory.resolve(Path.of(resource).getFileName().toString());
      if (Files.exists(target) && Files.mismatch(target, partial) == -1) {
        Files.delete(partial);
      } else {
        Files.move(
            partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
      return target;
    } catch (IOException e) {
      throw new EngineUnavailableException(
          "kaiseki.cache = "
              + cacheDirectory()
              + ": the native library can't be unpacked there ("
              + e
              + "); name a writable directory by -Dkaiseki.cache=DIRECTORY",
          e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path cacheDirectory() {
    String configured = System.getProperty("kaiseki.cache", "");
    Path cache =
        configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache", "kaiseki")
            : Path.of(configured);
    return cache.resolve("native").toAbsolutePath();
  }

  /** Folder and file in the java-llama.cpp jar. */
  private static String platform() {
    boolean arm = Platform.isARM();
    String machine = arm ? "aarch64" : "x86_64";
    if (Platform.isLinux()) {
      return "Linux/" + machine + "/libjllama.so";
    }
    if (Platform.isMac()) {
      return "Mac/" + machine + "/libjllama.dylib";
    }
    return "Windows/" + machine + "/jllama.dll";
  }

  static String utf8(Pointer text) {
    return text.getString(0, StandardCharsets.UTF_8.name());
  }
}
