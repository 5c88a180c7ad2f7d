package io.kaiseki.pipelines.demo;

import java.util.Map;

/**
 * A made-up customer ticket. Its company, products, people and numbers do not exist.
 *
 * @param id identity, unique among the arrivals of a run
 * @param kind always {@code ticket}
 * @param title the subject line; may be empty
 * @param body the text; any Unicode, lone surrogates and control characters included
 * @param language what it is written in, as a BCP 47 tag; {@code und} where there is no language
 * @param attributes channel, tier of the customer and line of business
 * @param trait what the ticket puts to the test
 */
public record SampleTicket(
    String id,
    String kind,
    String title,
    String body,
    String language,
    Map<String, String> attributes,
    Trait trait) {

  /** What a ticket puts to the test. */
  public enum Trait {
    /** An ordinary request. */
    PLAIN,
    /** A line or less. */
    SHORT,
    /** A letter, a list of events, a small novel. */
    LONG,
    /** A mail with older messages quoted in it. */
    THREAD,
    /** Injected instructions, control tokens, forged answers, markup, odd characters. */
    HOSTILE,
    /** Nothing that could be understood. */
    EMPTY
  }

  public SampleTicket {
    attributes = Map.copyOf(attributes);
  }

  SampleTicket withId(String id) {
    return new SampleTicket(id, kind, title, body, language, attributes, trait);
  }
}
