import asyncio
def test_x(database_url): 
    from ocpi211_server.database import open_database
    async def f():
        db=await open_database(database_url); await db.close()
    asyncio.run(f())
