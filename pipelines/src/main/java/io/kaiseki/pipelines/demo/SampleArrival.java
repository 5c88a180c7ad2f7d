package io.kaiseki.pipelines.demo;

/** One record of the demo's stream: a ticket as it should be, or one to be broken on the way. */
public sealed interface SampleArrival {

  /** The ticket; of a broken arrival, the one whose encoded bytes are to be broken. */
  SampleTicket ticket();

  /** Identity and Kafka key of the record, unique among the arrivals of a run. */
  default String id() {
    return ticket().id();
  }

  /** A ticket to be sent as it is. */
  record Intact(SampleTicket ticket) implements SampleArrival {}

  /** A ticket whose encoded record goes through {@link Breakage#applyTo} before it is sent. */
  record Broken(SampleTicket ticket, Breakage breakage) implements SampleArrival {}
}
