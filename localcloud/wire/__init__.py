"""Requests and answers: HTTP, AWS's protocols and their models, CORS, and the headers of pages."""
