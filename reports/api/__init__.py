"""The part of the API that programs of finance call: exports, and closed months."""
