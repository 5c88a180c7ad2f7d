package io.kaiseki.desk.it;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A real Chromium without a window, with a profile of its own, on loopback alone. */
final class Browser implements AutoCloseable {

  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(100);

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts one. Where there is none, the test is skipped on a developer's machine and fails on a
   * build server.
   */
  static Browser start() {
    Optional<Path> chromedriver = find("chromedriver");
    Optional<Path> chromium = find("chromium", "google-chrome", "chrome");
    if (chromedriver.isEmpty() || chromium.isEmpty()) {
      String missing = "no chromium and chromedriver on the PATH: the page is not tested";
      if ("true".equals(System.getenv("CI"))) {
        throw new IllegalStateException(missing + "; .ci/run installs them on Debian");
      }
      Assumptions.abort(missing);
    }
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.get().toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=" + profile(),
        "--window-size=1440,900");
    options.setCapability("goog:loggingPrefs", logging);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.get().toFile())
            .usingAnyFreePort()
            .withLogFile(Path.of("target", "chromedriver.log").toFile())
            .build();
    return new Browser(new ChromeDriver(service, options));
  }

  void open(URI page) {
    driver.get(page.toString());
  }

  void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** The first element of a selector, as soon as there is one. */
  WebElement await(String selector) {
    until(() -> !all(selector).isEmpty());
    return all(selector).get(0);
  }

  /**
   * Clicks the first element of a selector, once there is one; the page may just be replacing it.
   */
  void click(String selector) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(POLL)
        .pollInSameThread()
        .ignoreExceptionsInstanceOf(WebDriverException.class)
        .until(
            () -> {
              List<WebElement> found = all(selector);
              if (found.isEmpty()) {
                return false;
              }
              found.get(0).click();
              return true;
            });
  }

  /** Waits until something is so. */
  void until(Callable<Boolean> condition) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL)
        .pollInSameThread()
        .until(condition);
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  List<String> texts(String selector) {
    Object texts =
        run(
            "return [...document.querySelectorAll(arguments[0])].map(one => one.textContent)",
            selector);
    return ((List<?>) texts).stream().map(String::valueOf).toList();
  }

  /** Keys as from a keyboard: for whatever has the focus, which the page may just be hiding. */
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  void escape() {
    press(Keys.ESCAPE);
  }

  Object run(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** What the browser complained about: scripts that failed, and what its policy kept out. */
  List<String> complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Puts a picture of the window into {@code target/screenshots}. */
  void screenshot(String name) {
    try {
      Files.createDirectories(SCREENSHOTS);
      Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }

  private static Path profile() {
    try {
      return Files.createTempDirectory(Path.of("target").toAbsolutePath(), "chromium-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Path> find(String... names) {
    return Stream.of(names)
        .flatMap(
            name ->
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                    .map(directory -> Path.of(directory, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
