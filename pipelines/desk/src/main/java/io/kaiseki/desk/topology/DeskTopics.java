package io.kaiseki.desk.topology;

/**
 * The topics of a desk.
 *
 * @param documents where documents are received; the desk takes titles, times and texts from it
 * @param results where results are written to, keyed by the document's id
 * @param deadLetters where documents go that have no result
 * @param feedback where corrections go, with as many partitions as the results have
 * @param badRecords where records go that the desk can't read (KIP-1034)
 */
public record DeskTopics(
    String documents, String results, String deadLetters, String feedback, String badRecords) {}
