"""The OpenAPI document and the Postman collection."""
