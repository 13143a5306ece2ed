require './app'
use Rack::Deflater
run CatalogApp
