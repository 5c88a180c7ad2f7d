package com.example.triage;

/** One line of the input file: an id, a tab, and the text. */
public record Ticket(String id, String body) {

  static Ticket parse(String line) {
    int tab = line.indexOf('\t');
    return tab < 0
        ? new Ticket(line, "")
        : new Ticket(line.substring(0, tab), line.substring(tab + 1));
  }
}
