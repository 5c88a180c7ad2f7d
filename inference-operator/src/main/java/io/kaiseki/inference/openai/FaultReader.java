package io.kaiseki.inference.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kaiseki.inference.FailureReason;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells by status and error body whether another try may help, and what to say if not. */
final class FaultReader {

  private static final JsonMapper JSON = new JsonMapper();

  /** Request timeout, conflict, too early, too many requests; all of 5xx comes on top. */
  private static final Set<Integer> PASSING = Set.of(408, 409, 425, 429);

  /**
   * No key or a wrong one, no balance, no right to the model, and no such path or model: what every
   * document meets alike.
   */
  private static final Set<Integer> REFUSING = Set.of(401, 402, 403, 404);

  /** Too busy, not ill, as is 503 with a time to come back. */
  private static final int TOO_MANY_REQUESTS = 429;

  /** What a server asks for beyond this, or what its clock makes of a date, is not believed. */
  private static final Duration MOST_PAUSE = Duration.ofDays(1);

  private static final int MOST_MESSAGE = 300;

  private static final List<String> LOGPROBS = List.of("logprobs");

  /** How servers name the format of answers, by the request's field or by the value in it. */
  private static final List<String> FORMATS =
      List.of("response_format", "json_schema", "json_object");

  /** What a code looks like; anything else may be what the server was sent. */
  private static final Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  /** What servers change in what they quote: they break lines anew, or show a blank for a tab. */
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\p{Z}\\p{C}\\p{P}]+");

  /** What JSON and programming languages write for a line break, and for what is not ASCII. */
  private static final Pattern ESCAPE = Pattern.compile("\\\\+(?:u(\\p{XDigit}{4})|[bfnrt])");

  /**
   * So many characters of words in a server's message that also stand in the document, one after
   * the other, are taken for a quotation.
   */
  private static final int QUOTATION = 20;

  private FaultReader() {}

  /**
   * Of a status other than 200. What it says holds neither the document nor the key, both of which
   * a server may echo.
   *
   * @param settings what the server was asked with
   */
  static ChatFault of(
      Endpoint endpoint, OpenAiSettings settings, HttpResponse<byte[]> response, String document) {
    int status = response.statusCode();
    JsonNode error = error(response.body());
    String said =
        "HTTP " + status + " from " + endpoint.completions() + code(error, settings, document);
    if (PASSING.contains(status) || status >= 500) {
      Duration wait = retryAfter(response.headers());
      boolean busy = status == TOO_MANY_REQUESTS || wait != null && status >= 500;
      return new ChatFault.Passing(said, wait, !busy);
    }
    said += message(error, settings, document);
    return REFUSING.contains(status) && !ofTheDocument(status, error)
        ? new ChatFault.Refusing(said + hint(status, settings.model()), status == 403)
        : new ChatFault.Final(reason(error), said);
  }

  /**
   * Whether a server refuses a request because it was asked for probabilities of tokens. Servers
   * put their reason into error, into detail or beside the status, so all of the body is searched.
   * Where the server quotes the document, words that stand there count for nothing.
   */
  static boolean refusesLogprobs(HttpResponse<byte[]> response, String document) {
    return names(response, LOGPROBS, document);
  }

  /**
   * Whether a server refuses a request because of the format that it was asked to answer in. Where
   * the server quotes the document, words that stand there count for nothing.
   */
  static boolean refusesFormat(HttpResponse<byte[]> response, String document) {
    return names(response, FORMATS, document);
  }

  private static boolean names(HttpResponse<byte[]> response, List<String> words, String document) {
    if (response.statusCode() != 400 && response.statusCode() != 422) {
      return false;
    }
    String text = new String(response.body(), StandardCharsets.UTF_8);
    return words.stream()
        .filter(text::contains)
        .anyMatch(word -> !joined(document).contains(joined(word)) || !quotes(text, document));
  }

  /** Whether an exchange broke because the request's time was up. */
  static boolean timedOut(Throwable error) {
    return cause(error) instanceof HttpTimeoutException;
  }

  /** Of an exchange that broke. */
  static ChatFault of(Endpoint endpoint, Throwable error) {
    Throwable cause = cause(error);
    if (cause instanceof IOException) {
      return new ChatFault.Passing(
          endpoint.completions() + " can't be reached: " + described(cause), null, true);
    }
    return new ChatFault.Final(
        FailureReason.ENGINE_FAULT,
        "the request to " + endpoint.completions() + " failed with " + cause.getClass().getName());
  }

  private static Throwable cause(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }

  private static String described(Throwable cause) {
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static JsonNode error(byte[] body) {
    try {
      JsonNode root = JSON.readTree(body);
      return root == null ? JSON.nullNode() : root.path("error");
    } catch (JsonProcessingException e) {
      return JSON.nullNode();
    } catch (IOException e) {
      throw new IllegalStateException("bytes in memory can be read", e);
    }
  }

  private static String code(JsonNode error, OpenAiSettings settings, String document) {
    String code = error.path("code").asText("");
    boolean plain =
        CODE.matcher(code).matches()
            && !code.equals("null")
            && !document.contains(code)
            && redacted(code, settings).equals(code);
    return plain ? " (" + code + ")" : "";
  }

  /** Another Kaiseki names its reasons; of others one code is common. */
  private static FailureReason reason(JsonNode error) {
    String code = error.path("code").asText("");
    if (code.equals("context_length_exceeded")) {
      return FailureReason.TOO_LONG;
    }
    try {
      FailureReason reason = FailureReason.valueOf(code.toUpperCase(Locale.ROOT));
      // Cancelled is what this side does.
      return reason == FailureReason.CANCELLED ? FailureReason.REFUSED : reason;
    } catch (IllegalArgumentException notOurs) {
      return FailureReason.REFUSED;
    }
  }

  /** Providers that moderate what they are sent refuse single documents as forbidden. */
  private static boolean ofTheDocument(int status, JsonNode error) {
    return status == 403
        && (error.path("metadata").has("flagged_input")
            || error.path("message").asText("").contains("flagged"));
  }

  private static String hint(int status, String model) {
    return switch (status) {
      case 401 -> "; set the api-key to one that it accepts";
      case 402 -> "; top up the balance of the api-key's account";
      case 403 -> "; set the api-key to one that may use model " + model;
      default -> "; look at the endpoint's address and at the model's name, " + model;
    };
  }

  private static String message(JsonNode error, OpenAiSettings settings, String document) {
    // Redacted first: of a key that is cut off, the beginning would stay.
    String message = shortened(redacted(error.path("message").asText(""), settings));
    return message.isBlank() || quotes(message, document) ? "" : ": " + message;
  }

  private static String redacted(String text, OpenAiSettings settings) {
    ApiKey key = settings.key();
    return key == null ? text : text.replace(key.reveal(), key.toString());
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return line.length() <= MOST_MESSAGE ? line : line.substring(0, MOST_MESSAGE) + "...";
  }

  /** Whether a text holds the document or words of it, also as a part of JSON. */
  private static boolean quotes(String text, String document) {
    String said = joined(text);
    String read = joined(document);
    if (!read.isEmpty() && said.contains(read)) {
      return true;
    }
    for (int i = 0; i + QUOTATION <= said.length(); i++) {
      if (read.contains(said.substring(i, i + QUOTATION))) {
        return true;
      }
    }
    return false;
  }

  /** The words of a text without what is between them, which is where quotations differ. */
  private static String joined(String text) {
    String unescaped =
        ESCAPE
            .matcher(text)
            .replaceAll(
                escape ->
                    escape.group(1) == null
                        ? " "
                        : Matcher.quoteReplacement(
                            Character.toString(Integer.parseInt(escape.group(1), 16))));
    return BETWEEN_WORDS.matcher(unescaped).replaceAll("");
  }

  /**
   * Seconds or a date, RFC 9110 section 10.2.3, from zero to a day; null where there is none that
   * can be read.
   */
  static @Nullable Duration retryAfter(HttpHeaders headers) {
    Optional<String> header = headers.firstValue("Retry-After").map(String::strip);
    if (header.isEmpty()) {
      return null;
    }
    Duration asked;
    try {
      double seconds = Double.parseDouble(header.get());
      asked = Duration.ofMillis((long) (Math.min(seconds, MOST_PAUSE.toSeconds()) * 1_000));
    } catch (NumberFormatException notSeconds) {
      try {
        asked =
            Duration.between(
                Instant.now(),
                ZonedDateTime.parse(header.get(), DateTimeFormatter.RFC_1123_DATE_TIME));
      } catch (DateTimeException notADate) {
        return null;
      }
    }
    if (asked.isNegative()) {
      return Duration.ZERO;
    }
    return asked.compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : asked;
  }
}
