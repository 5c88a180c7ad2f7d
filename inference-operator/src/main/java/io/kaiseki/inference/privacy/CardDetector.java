package io.kaiseki.inference.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Finds payment card numbers: 13 to 19 digits that begin with 2 to 6, as those of payment networks
 * do, with a valid check digit (Luhn). They stand in one piece or in groups of three and more
 * digits with a space or a dash of any width between; the digits may be those of any script. One in
 * ten of all such numbers passes the check by chance, so an order number may be taken for a card,
 * and finds may overlap: one by chance may begin before a card and end within it. A card with a
 * digit mistyped is not found.
 */
record CardDetector(String kind) implements Detector {

  private static final int FEWEST = 13;
  private static final int MOST = 19;
  private static final int SMALLEST_GROUP = 3;

  private record Group(int start, int end) {
    int digits() {
      return end - start;
    }
  }

  @Override
  public void find(String text, Consumer<Found> found) {
    List<Group> run = new ArrayList<>();
    for (int i = 0; i < text.length(); ) {
      if (!Character.isDigit(text.charAt(i))) {
        i++;
        continue;
      }
      int end = i;
      while (end < text.length() && Character.isDigit(text.charAt(end))) {
        end++;
      }
      if (!run.isEmpty() && !joined(text, run.get(run.size() - 1).end, i)) {
        search(text, run, found);
        run.clear();
      }
      run.add(new Group(i, end));
      i = end;
    }
    search(text, run, found);
  }

  private static boolean joined(String text, int end, int start) {
    int type = Character.getType(text.charAt(end));
    return start - end == 1
        && (type == Character.SPACE_SEPARATOR || type == Character.DASH_PUNCTUATION);
  }

  private void search(String text, List<Group> run, Consumer<Found> found) {
    for (int first = 0; first < run.size(); first++) {
      int last = lastOf(text, run, first);
      if (last >= 0) {
        int start = run.get(first).start;
        int end = run.get(last).end;
        found.accept(new Found(start, end, kind, digits(text, run, first, last)));
      }
    }
  }

  /** The last group of the longest card number that begins with a group; -1 if none does. */
  private static int lastOf(String text, List<Group> run, int first) {
    int leading = Character.digit(text.charAt(run.get(first).start), 10);
    int best = -1;
    int count = 0;
    for (int last = first; last < run.size() && leading >= 2 && leading <= 6; last++) {
      Group group = run.get(last);
      count += group.digits();
      boolean single = first == last;
      if (count > MOST || !single && shortGroup(run, first, group)) {
        break;
      }
      if (count >= FEWEST && valid(digits(text, run, first, last))) {
        best = last;
      }
    }
    return best;
  }

  private static boolean shortGroup(List<Group> run, int first, Group group) {
    return group.digits() < SMALLEST_GROUP || run.get(first).digits() < SMALLEST_GROUP;
  }

  private static String digits(String text, List<Group> run, int first, int last) {
    StringBuilder digits = new StringBuilder();
    for (Group group : run.subList(first, last + 1)) {
      for (int i = group.start; i < group.end; i++) {
        digits.append(Character.digit(text.charAt(i), 10));
      }
    }
    return digits.toString();
  }

  /** The check of ISO/IEC 7812-1, annex B. */
  private static boolean valid(String digits) {
    int sum = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(digits.length() - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit : digit * 2;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }
}
