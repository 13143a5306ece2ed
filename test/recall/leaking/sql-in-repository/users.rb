class Users
  def initialize(db)
    @db = db
  end

  def named(name)
    @db.execute(format("SELECT id FROM users WHERE name = '%s'", name)) #! sql-from-input
  end

  def remove(id)
    @db.execute("DELETE FROM users WHERE id = #{id}")
  end
end
