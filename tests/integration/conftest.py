from zhengxie_flow.testing.postgresql import postgresql, postgresql_server

__all__ = ["postgresql", "postgresql_server"]
