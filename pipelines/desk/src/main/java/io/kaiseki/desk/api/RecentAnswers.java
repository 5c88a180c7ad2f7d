package io.kaiseki.desk.api;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers of a moment ago, by what was asked. Large ones are not kept, and of all the others no
 * more than a heap has room for. Safe for use by many threads.
 */
final class RecentAnswers {

  /** Most answers that are kept. */
  static final int MOST = 256;

  /** Most bytes of one of them. */
  static final int LARGEST = 256 << 10;

  /** Most bytes of all of them together. */
  static final long MOST_BYTES = 16L << 20;

  private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * What was answered.
   *
   * @param version of what the answer depends on
   * @param until when it holds, in the milliseconds of the one who asks
   */
  record Answer(long version, long until, byte[] body, String tag) {

    private boolean isPast(long now) {
      return until - now < 0;
    }
  }

  /** The answer to the same question at the same version, if it still holds. */
  synchronized Optional<Answer> find(String question, long version, long now) {
    return Optional.ofNullable(answers.get(question))
        .filter(known -> known.version() == version && !known.isPast(now));
  }

  /** Keeps an answer, if it is not too large, in the place of those that hold no longer. */
  synchronized void keep(String question, Answer answer, long now) {
    answers.remove(question);
    answers.values().removeIf(known -> known.isPast(now));
    if (answer.body().length > LARGEST) {
      return;
    }
    answers.put(question, answer);
    Iterator<Answer> eldest = answers.values().iterator();
    while (answers.size() > MOST || bytes() > MOST_BYTES) {
      eldest.next();
      eldest.remove();
    }
  }

  /** The bytes of all that are kept. */
  synchronized long bytes() {
    return answers.values().stream().mapToLong(known -> known.body().length).sum();
  }
}
