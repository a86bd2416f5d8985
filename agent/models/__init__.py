"""The one seam to language models: any OpenAI-compatible server, or the offline stand-in."""
