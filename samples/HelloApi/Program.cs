var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => "Hello from a container.");

app.Run();
