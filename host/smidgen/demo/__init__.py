"""The main job, from words to detections on a simulated board, and a report of it."""
