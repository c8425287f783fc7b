var app = WebApplication.CreateBuilder(args).Build();

app.MapGet("/", () => "Hello from a tested pipeline.");

app.Run();
