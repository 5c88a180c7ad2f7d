package io.kaiseki.pipelines.deadletters;

import io.kaiseki.schemas.DeadLetter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a look at a topic of dead letters finds. A topic may serve several analyses: letters of all
 * of them are counted, each under its analysis, and those of the one that was asked for are listed.
 * Not safe for use by several threads.
 */
public final class LetterListing implements LetterReader.Visitor {

  private final LetterFilter filter;
  private final LetterTopic.SentAgain sentAgain;
  private final Listed listed;
  private final LetterCounts counts = new LetterCounts();
  private final List<Map<String, Object>> lines = new ArrayList<>();

  /**
   * Which letters are listed.
   *
   * @param analysis name of the analysis that gave their documents up
   * @param limit how many at most; the first ones that are read
   * @param originals takes their records' values
   */
  public record Listed(String analysis, int limit, Optional<OriginalFiles> originals) {}

  /**
   * @param filter which letters are counted, and may be listed
   * @param sentAgain tells which of them have been sent again
   */
  public LetterListing(LetterFilter filter, LetterTopic.SentAgain sentAgain, Listed listed) {
    this.filter = filter;
    this.sentAgain = sentAgain;
    this.listed = listed;
  }

  @Override
  public void letter(StoredLetter letter) {
    if (!filter.admits(letter.letter())) {
      return;
    }
    boolean sent = sentAgain.contains(letter);
    counts.add(letter.letter(), sent);
    if (lines.size() < listed.limit() && letter.letter().getAnalysis().equals(listed.analysis())) {
      Map<String, Object> line = line(letter, sent);
      listed.originals().ifPresent(to -> line.put("file", to.write(letter).toString()));
      lines.add(line);
    }
  }

  @Override
  public void unreadable(int partition, long offset, String why) {
    counts.addUnreadable();
  }

  /** The letters of all analyses. */
  public LetterCounts counts() {
    return counts;
  }

  /** What a report says of each letter that is listed, by name; no text of documents. */
  public List<Map<String, Object>> lines() {
    return List.copyOf(lines);
  }

  private static Map<String, Object> line(StoredLetter stored, boolean sentAgain) {
    DeadLetter letter = stored.letter();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("position", stored.position());
    line.put("reason", letter.getReason().name());
    line.put("stage", letter.getStage());
    line.put("analysis", letter.getAnalysis());
    line.put("documentId", letter.getDocumentId());
    line.put("source", stored.source());
    line.put("attempts", stored.attempts());
    line.put("failedAt", letter.getFailedAt().toString());
    line.put("sentAgain", sentAgain);
    line.put("originalOmitted", letter.getOriginalOmitted());
    line.put("message", letter.getMessage());
    return line;
  }
}
