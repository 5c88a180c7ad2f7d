package io.kaiseki.inference.openai;

import io.kaiseki.inference.telemetry.TraceContext;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one request asks of a server besides the answer. The server may have been found to give less
 * by the time that it replies.
 *
 * @param endpoint the server
 * @param served what the server says of its model
 * @param logprobs whether the probabilities of tokens are asked for
 * @param format what the answer is to be held to
 * @param refusals how often the server had refused to serve when the request began
 */
record Asked(
    Endpoint endpoint, ServedModel served, boolean logprobs, AnswerFormat format, int refusals) {

  private static final Logger LOG = LoggerFactory.getLogger(Asked.class);

  /** As much as the server is known to give. */
  static Asked of(Endpoint endpoint, Question question) {
    ServedModel known = endpoint.served();
    ServedModel served = known == null ? ServedModel.UNKNOWN : known;
    return new Asked(
        endpoint,
        served,
        endpoint.givesLogprobs() && question.wantsLogprobs(served),
        // Another Kaiseki always answers within the contract.
        served.kaiseki() ? AnswerFormat.JSON_SCHEMA : endpoint.format(),
        endpoint.refusals());
  }

  /**
   * The request for it.
   *
   * @param key the key that the server wants; null sends none
   * @param limit how long to wait for the reply; null waits until the exchange is cancelled
   */
  HttpRequest http(
      byte[] body, @Nullable ApiKey key, TraceContext trace, @Nullable Duration limit) {
    HttpRequest.Builder http =
        HttpRequest.newBuilder(endpoint.completions())
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    if (limit != null) {
      http.timeout(limit);
    }
    if (trace.isPresent()) {
      http.header(TraceContext.TRACEPARENT, trace.traceparent());
      if (!trace.tracestate().isEmpty()) {
        http.header(TraceContext.TRACESTATE, trace.tracestate());
      }
    }
    if (key != null) {
      http.header("Authorization", "Bearer " + key.reveal());
    }
    return http.build();
  }

  /**
   * Gives up what the server refuses to give, for all requests to come.
   *
   * @return whether this request can be asked again for less
   */
  boolean lessen(HttpResponse<byte[]> refusal, String document) {
    if (logprobs && FaultReader.refusesLogprobs(refusal, document)) {
      LOG.info("event=no-logprobs endpoint={}: answers have no confidences", endpoint);
      endpoint.withoutLogprobs();
      return true;
    }
    if (served.kaiseki() || format.less() == format) {
      return false;
    }
    if (!FaultReader.refusesFormat(refusal, document)) {
      return false;
    }
    if (endpoint.without(format)) {
      LOG.warn(
          "event=no-response-format endpoint={} refused={} instead={}: its model is held to the"
              + " contract by the prompt; answers that break it are asked for again",
          endpoint,
          format,
          format.less());
    }
    return true;
  }
}
