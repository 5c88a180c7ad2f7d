package io.kaiseki.pipelines.deadletters;

/** What a redrive does with a letter that is meant. */
public enum Fate {
  /** Its record is sent again. */
  SENT("sent", false),
  /** It was sent again before, and is not sent twice. */
  SENT_BEFORE("sent before", false),
  /** Its document was tried too often. */
  TRIED_OUT("tried too often", false),
  /** There are more letters than were asked for. */
  OVER_LIMIT("over the limit", false),
  /** The letter leaves its record out, and the topic that it came from has not kept it. */
  RECORD_GONE("record gone", true),
  /** Its record is a row or a file that could not be read. */
  NO_DOCUMENT("no document", true),
  /** The topic to send it to is not there. */
  NO_TOPIC("no topic", true),
  /** The topic to send it to does not keep records as old as this one. */
  TOO_OLD("too old", true),
  /** The broker does not take the record. */
  REFUSED("refused by the broker", true);

  private final String words;
  private final boolean problem;

  Fate(String words, boolean problem) {
    this.words = words;
    this.problem = problem;
  }

  /** As people read it. */
  public String words() {
    return words;
  }

  /** Whether somebody must do something about it. */
  public boolean isProblem() {
    return problem;
  }
}
