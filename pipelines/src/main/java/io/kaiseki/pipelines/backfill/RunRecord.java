package io.kaiseki.pipelines.backfill;

import java.util.List;

/**
 * What a run has begun with, written once.
 *
 * @param fingerprint of its options and its analysis
 * @param documents documents that it goes through, as far as that could be told beforehand
 * @param ranges what it reads of a topic; empty where it reads files
 */
record RunRecord(String fingerprint, long documents, List<TopicRange> ranges) {}
