"""What the product says about its own state: findings with thresholds, timings, slow queries, traces."""
